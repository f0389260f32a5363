using System.Text.Json;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>A list of the admin API, read page by page as a client does.</summary>
/// <param name="Items">Everything, in the order in which it came.</param>
/// <param name="Count">On how many pages.</param>
internal sealed record Pages(IReadOnlyList<JsonElement> Items, int Count)
{
    /// <summary>Reads all of it, and holds that every page but the last is full.</summary>
    public static async Task<Pages> ReadAsync(RunningGateway gateway, string path, int limit, string key)
    {
        List<JsonElement> items = [];
        string? after = null;
        for (var count = 1; ; count++)
        {
            var address = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}";
            using var reply = await Ask.SendAsync(gateway, HttpMethod.Get, address, headers: ("Authorization", $"Bearer {key}"));
            Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
            var page = await Lab.JsonAsync(reply);
            var data = page.GetProperty("data").EnumerateArray().ToList();
            items.AddRange(data);
            after = page.GetProperty("next_after").GetString();
            Assert.Equal(after is not null, page.GetProperty("has_more").GetBoolean());
            if (after is null)
            {
                return new(items, count);
            }

            Assert.Equal(limit, data.Count);
            Assert.True(count < 100, $"The pages of {path} have no end.");
        }
    }
}
