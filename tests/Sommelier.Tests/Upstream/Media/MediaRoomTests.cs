using Sommelier.Upstream.Media;

namespace Sommelier.Tests.Upstream.Media;

public sealed class MediaRoomTests
{
    private readonly MediaRoom room = new();

    private static CancellationToken Canceled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_finds_no_room_waits_in_line()
    {
        await room.EnterAsync(60, 100, Canceled);
        var large = room.EnterAsync(50, 100, Canceled).AsTask();
        var small = room.EnterAsync(10, 100, Canceled).AsTask();
        Assert.False(large.IsCompleted || small.IsCompleted);
        Assert.Equal(60, room.Used);

        room.Leave(60);
        await large;
        await small;
        Assert.Equal(60, room.Used);
    }

    [Fact]
    public async Task Who_leaves_the_line_makes_way_for_those_behind()
    {
        using var leaving = new CancellationTokenSource();
        await room.EnterAsync(60, 100, Canceled);
        var large = room.EnterAsync(50, 100, leaving.Token).AsTask();
        var small = room.EnterAsync(40, 100, Canceled).AsTask();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small;
        Assert.Equal(100, room.Used);
    }

    [Fact]
    public async Task What_is_larger_than_all_the_room_gets_in_alone()
    {
        await room.EnterAsync(500, 100, Canceled);
        var next = room.EnterAsync(1, 100, Canceled).AsTask();
        Assert.False(next.IsCompleted);
        room.Leave(500);
        await next;
    }

    [Fact]
    public async Task Many_threads_never_hold_more_than_there_is()
    {
        var most = 0L;
        await Parallel.ForEachAsync(Enumerable.Range(1, 2000), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Canceled }, async (number, cancel) =>
        {
            var bytes = (number % 40) + 1;
            await room.EnterAsync(bytes, 100, cancel);
            InterlockedMax(ref most, room.Used);
            await Task.Yield();
            room.Leave(bytes);
        });

        Assert.InRange(most, 1, 100);
        Assert.Equal(0, room.Used);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
