using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Gateway.Kept;

namespace Sommelier.Tests.Gateway;

/// <summary>What must hold of answers that are kept, wherever they are.</summary>
public abstract class ResponseStoreTests
{
    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task An_answer_is_found_by_its_caller_only()
    {
        await using var store = await OpenAsync(new());
        await store.KeepAsync("a", Answer("resp_1"), default);

        var found = await store.FindAsync("a", "resp_1", default);

        Assert.Equal(("[1]", "{\"id\":\"resp_1\"}"), (Text(found!.Input), Text(found.Response)));
        Assert.Equal("{\"of\":\"resp_1\"}", await store.FindItemAsync("a", "msg_resp_1", default));
        Assert.Null(await store.FindAsync("b", "resp_1", default));
        Assert.Null(await store.FindItemAsync("b", "msg_resp_1", default));
        Assert.False(await store.DeleteAsync("b", "resp_1", default));
    }

    [Fact]
    public async Task A_deleted_answer_is_gone_with_its_items()
    {
        await using var store = await OpenAsync(new());
        await store.KeepAsync("a", Answer("resp_1"), default);

        Assert.True(await store.DeleteAsync("a", "resp_1", default));

        Assert.False(await store.DeleteAsync("a", "resp_1", default));
        Assert.Null(await store.FindAsync("a", "resp_1", default));
        Assert.Null(await store.FindItemAsync("a", "msg_resp_1", default));
    }

    [Fact]
    public async Task An_answer_past_its_retention_is_not_found_and_goes_with_the_next()
    {
        await using var store = await OpenAsync(new() { Retention = TimeSpan.FromHours(1) });
        await store.KeepAsync("a", Answer("resp_1"), default);
        Time.Advance(TimeSpan.FromMinutes(61));

        Assert.Null(await store.FindAsync("a", "resp_1", default));
        Assert.Null(await store.FindItemAsync("a", "msg_resp_1", default));
        await store.KeepAsync("a", Answer("resp_2"), default);
        Assert.False(await store.DeleteAsync("a", "resp_1", default));
        Assert.NotNull(await store.FindAsync("a", "resp_2", default));
    }

    [Fact]
    public async Task The_oldest_go_when_there_is_too_much()
    {
        await using var store = await OpenAsync(new() { MaxBytes = 100_000 });
        for (var i = 0; i < 30; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await store.KeepAsync("a", Answer($"resp_{i}", 10_000), default);
        }

        var kept = new List<int>();
        for (var i = 0; i < 30; i++)
        {
            if (await store.FindAsync("a", $"resp_{i}", default) is not null)
            {
                kept.Add(i);
            }
        }

        Assert.InRange(kept.Count, 5, 10);
        Assert.Equal(Enumerable.Range(30 - kept.Count, kept.Count), kept);
        Assert.Null(await store.FindItemAsync("a", "msg_resp_0", default));
    }

    [Fact]
    public async Task One_that_alone_is_too_much_is_not_kept()
    {
        await using var store = await OpenAsync(new() { MaxBytes = 1_000 });
        await store.KeepAsync("a", Answer("resp_1", 10_000), default);
        Assert.Null(await store.FindAsync("a", "resp_1", default));
    }

    private protected abstract Task<IResponseStore> OpenAsync(ResponseStoreOptions options);

    private protected KeptAnswer Answer(string id, int size = 0) =>
        new(id, Time.GetUtcNow(), Encoding.UTF8.GetBytes($"[{(size > 0 ? new string('1', size) : "1")}]"), Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}"""))
        {
            Items = [($"msg_{id}", $$"""{"of":"{{id}}"}""")],
        };

    private protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
