using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Ledger;

/// <summary>The real process when its disk takes nothing more, and when it does again.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly BookkeepingProvider provider = new(1);
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly string url = ServerProcess.FreeUrl();
    private int asked;

    private string Data => Path.Combine(folder.Path, "data");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await provider.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task What_counts_against_a_budget_is_refused_and_the_rest_goes_on_until_there_is_room_again()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/prlimit"), "There is no prlimit (of util-linux), which limits the files of another process.");

        var configuration = Path.Combine(folder.Path, "sommelier.yaml");
        await File.WriteAllTextAsync(configuration, provider.Configuration());
        var budgeted = await KeyAsync("budgeted", "--budget", "day=1000");
        var limited = await KeyAsync("limited", "--rpm", "1000");
        var free = await KeyAsync("free");
        await using var server = ServerProcess.Start(configuration, Data, url);
        await server.ReadyAsync(http, url);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(budgeted)).Status);

        await server.LetWriteAsync(any: false);

        // What the journal has made ready on the disk is used up first.
        while (await UnjournalledAsync(free) == 0)
        {
            Assert.InRange(asked, 0, 2_000);
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(free)).Status);
        }

        var (before, without) = (asked, await UnjournalledAsync(free));
        for (var round = 0; round < 3; round++)
        {
            var (status, text) = await AskAsync(budgeted);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("journal_unavailable", text, StringComparison.Ordinal);
            Assert.Contains("Free space", text, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(free)).Status);
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(limited)).Status);
        }

        Assert.Equal(before + 6, provider.Books.Count);
        Assert.Equal(without + 6, await UnjournalledAsync(free));
        Assert.Contains("The journal could not be written", server.Said, StringComparison.Ordinal);

        await server.LetWriteAsync(any: true);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(budgeted)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(free)).Status);
        Assert.Contains("The journal was written again", server.Said, StringComparison.Ordinal);

        // What waited in memory is stored by itself, once.
        for (var patience = 0; patience < 200 && Stored("SELECT COUNT(*) FROM ledger_entries") < asked; patience++)
        {
            await Task.Delay(100);
        }

        Assert.Equal(asked, Stored("SELECT COUNT(*) FROM ledger_entries"));
        Assert.Equal(provider.Books.Values.Sum(calls => calls.Sum(call => call.NanoUsd)), Stored("SELECT SUM(cost_nano_usd) FROM ledger_entries"));
        Assert.Equal(Stored("SELECT SUM(cost_nano_usd) FROM ledger_entries"), Stored("SELECT SUM(cost_nano_usd) FROM ledger_spend WHERE window_name = 'total'"));
    }

    private Task<(HttpStatusCode Status, string Text)> AskAsync(string key) =>
        SendAsync(key, HttpMethod.Post, "/v1/chat/completions", Ask.Body(prompt: $"ask-{(++asked).ToString(CultureInfo.InvariantCulture)} ok"));

    private async Task<int> UnjournalledAsync(string key)
    {
        const string Name = "\nsommelier_journal_unjournalled_total ";
        var text = (await SendAsync(key, HttpMethod.Get, "/metrics", null)).Text;
        var at = text.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return int.Parse(text.AsSpan(at, text.IndexOf('\n', at) - at), CultureInfo.InvariantCulture);
    }

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(string key, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, url + path);
        request.Headers.Authorization = new("Bearer", key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await http.SendAsync(request);
        return (reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }

    private long Stored(string sql)
    {
        using var database = new SqliteConnection($"Data Source={Path.Combine(Data, "sommelier.db")};Mode=ReadOnly;Pooling=False");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private async Task<string> KeyAsync(params string[] arguments)
    {
        var result = await CliRun.RunAsync(["key", "create", .. arguments, "--data", Data, "--json"]);
        using var made = JsonDocument.Parse(result.Output);
        return made.RootElement.GetProperty("key").GetString()!;
    }
}
