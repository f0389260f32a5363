using Sommelier.Ledger;

namespace Sommelier.Tests.Ledger;

public sealed class RequestIdTests
{
    [Fact]
    public void Is_the_text_form_of_a_known_ulid()
    {
        // From the ULID specification's own example: 01ARZ3NDEKTSV4RRFFQ69G5FAV is 2016-07-30T23:54:10.259Z.
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_469_922_850_259), RequestId.TimeOf("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
        Assert.Equal("01ARZ3NDEK0000000000000000", RequestId.Floor(DateTimeOffset.FromUnixTimeMilliseconds(1_469_922_850_259)));
        Assert.Equal("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", RequestId.Format((1L << 48) - 1, ushort.MaxValue, ulong.MaxValue));
    }

    [Fact]
    public void Grows_within_a_millisecond_and_when_the_clock_steps_back()
    {
        var ids = new RequestIdGenerator(new SteppingBackTime());
        List<string> made = [];
        for (var i = 0; i < 10_000; i++)
        {
            made.Add(ids.Next());
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), made);
        Assert.Equal(made.Count, made.Distinct().Count());
        Assert.All(made, id => Assert.True(RequestId.IsValid(id)));
        Assert.Equal(Entries.Noon, RequestId.TimeOf(made[^1]));
    }

    [Fact]
    public void Stays_unique_over_many_threads()
    {
        var ids = new RequestIdGenerator(TimeProvider.System);

        var made = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).SelectMany(_ => Enumerable.Range(0, 5_000).Select(_ => ids.Next()).ToList()).ToList();

        Assert.Equal(40_000, made.Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAVV")]
    [InlineData("81ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAU")]
    [InlineData("01arz3ndektsv4rrffq69g5fav")]
    [InlineData("01ARZ3NDEK' OR 1=1 --------")]
    public void Knows_what_is_no_id(string text)
    {
        Assert.False(RequestId.IsValid(text));
        Assert.Throws<FormatException>(() => RequestId.TimeOf(text));
    }

    /// <summary>Noon once, then ever earlier.</summary>
    private sealed class SteppingBackTime : TimeProvider
    {
        private int calls;

        public override DateTimeOffset GetUtcNow() => Entries.Noon.AddMilliseconds(-(calls++ / 100));
    }
}
