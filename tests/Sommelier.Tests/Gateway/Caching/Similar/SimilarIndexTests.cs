using Microsoft.Extensions.Time.Testing;
using Sommelier.Gateway.Caching;
using Sommelier.Gateway.Caching.Similar;

namespace Sommelier.Tests.Gateway.Caching.Similar;

public sealed class SimilarIndexTests
{
    private readonly FakeTimeProvider time = new();

    private DateTimeOffset Later => time.GetUtcNow().AddMinutes(10);

    [Fact]
    public void The_nearest_turn_of_the_same_frame_is_found_if_it_is_near_enough()
    {
        var index = new SimilarIndex(1_000_000, time);
        index.Keep(Turn(1, 0), Key(10), Later);
        index.Keep(Turn(1, 0.3), Key(11), Later);
        index.Keep(Turn(2, 0.1), Key(12), Later);

        var near = index.Nearest(Turn(1, 0.1), 0.95)!.Value;
        Assert.Equal(Key(10), near.Key);
        Assert.Equal(Math.Cos(0.1), near.Cosine, 1e-6);
        Assert.Equal(Key(11), index.Nearest(Turn(1, 0.2), 0.95)!.Value.Key);
        Assert.Null(index.Nearest(Turn(1, 1), 0.95));
        Assert.Null(index.Nearest(Turn(3, 0), 0.5));
    }

    [Fact]
    public void Vectors_of_any_length_are_compared_to_their_last_number_and_those_of_another_length_never()
    {
        var index = new SimilarIndex(1_000_000, time);
        for (var length = 1; length <= 40; length++)
        {
            var vector = new float[length];
            vector[^1] = 1;
            index.Keep(new(Key(length), vector), Key(100), Later);
            Assert.Equal(1, index.Nearest(new(Key(length), vector), 0.99)!.Value.Cosine, 1e-6);
            Assert.Null(index.Nearest(new(Key(length), new float[length + 1]), -0.5));
        }
    }

    [Fact]
    public void A_turn_ends_with_its_answer_and_is_kept_once()
    {
        var index = new SimilarIndex(1_000_000, time);
        index.Keep(Turn(1, 0), Key(10), Later);
        index.Keep(Turn(1, 0.2), Key(10), Later);
        Assert.Equal(1, index.Count);
        Assert.Equal(Math.Cos(0.2), index.Nearest(Turn(1, 0), 0.9)!.Value.Cosine, 1e-6);

        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(index.Nearest(Turn(1, 0), 0.9));
        index.Keep(Turn(2, 0), Key(11), Later);
        Assert.Equal(1, index.Count);
    }

    [Fact]
    public void The_bounds_hold_and_the_oldest_go_first()
    {
        // Each weighs 400 bytes and 8 of its two numbers.
        var small = new SimilarIndex(408 * 5, time);
        for (var at = 0; at < 8; at++)
        {
            small.Keep(Turn(at, 0), Key(at), Later);
        }

        Assert.Equal((5, (SimilarAnswer?)null, Key(3)), (small.Count, small.Nearest(Turn(2, 0), 0.9), small.Nearest(Turn(3, 0), 0.9)!.Value.Key));

        var one = new SimilarIndex(1_000_000, time);
        for (var at = 0; at <= SimilarIndex.MostInFrame; at++)
        {
            one.Keep(Turn(1, at), Key(at), Later);
        }

        Assert.Equal(SimilarIndex.MostInFrame, one.Count);
        Assert.NotEqual(Key(0), one.Nearest(Turn(1, 0), 0.5)!.Value.Key);
    }

    [Fact]
    public void Many_at_once_find_what_is_of_their_own_frame_and_the_bound_holds()
    {
        var index = new SimilarIndex(408 * 50, time);
        Parallel.For(0, 20_000, at =>
        {
            var frame = at % 7;
            index.Keep(Turn(frame, at % 31), Key(frame + (100 * (at % 13))), at % 5 == 0 ? time.GetUtcNow() : Later);
            var near = index.Nearest(Turn(frame, at % 31), 0.5);
            Assert.True(near is null || near.Value.Key.High % 100 == (UInt128)frame);
        });

        Assert.InRange(index.Count, 1, 50);
    }

    private static SimilarTurn Turn(int frame, double angle) => new(Key(frame), [(float)Math.Cos(angle), (float)Math.Sin(angle)]);

    private static AnswerKey Key(int number) => new((UInt128)number, 0);
}
