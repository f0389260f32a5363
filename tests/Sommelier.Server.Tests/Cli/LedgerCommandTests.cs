using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Ledger.Sqlite;

namespace Sommelier.Server.Tests.Cli;

/// <summary><c>ledger export</c> and <c>ledger reconcile</c> on a ledger of known entries.</summary>
public sealed class LedgerCommandTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Day = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    private string Configuration => Path.Combine(folder.Path, "sommelier.yaml");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(
            Configuration,
            """
            discover: false
            providers:
              lab:
                type: openai-compatible
                base_url: http://127.0.0.1:9/v1
                models: [{ id: one, price: { input: 1, output: 2 } }]
              other:
                type: openai-compatible
                base_url: http://127.0.0.1:9/v1
                models: [{ id: two, price: { input: 1, output: 2 } }]
            """);
        await using var store = SqliteLedgerStore.Open(Path.Combine(folder.Path, "sommelier.db"), TimeProvider.System);
        await store.AppendAsync(
            [
                Record(1, Day, "lab/one", "one-2026-10-01", 1_000_000, 500_000, 2_000_000_000),
                Record(2, Day.AddHours(1), "lab/one", "one-2026-10-01", 1_000_000, 0, 1_000_000_000, estimated: true),
                Record(3, Day.AddDays(1), "lab/one", null, 100, 0, 100_000),
                Record(4, Day.AddDays(1), "lab/nameless", null, 100, 0, 300_000_000),
                Record(5, Day.AddDays(1), "other/two", null, 100, 0, 9_000_000_000),
            ],
            default);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_request_is_a_row_oldest_first()
    {
        var result = await RunAsync("export");

        var rows = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("request_id,started_at,", rows[0], StringComparison.Ordinal);
        Assert.Equal(6, rows.Length);
        Assert.Contains(",\"'=cmd,|x\",", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",1000000,0,0,0,500000,0,0,0,,,2,0,a b", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",1000000,0,0,0,0,0,0,0,,,1,1,a b", rows[2], StringComparison.Ordinal);
        Assert.Equal(4, (await RunAsync("export", "--from", "2026-11-21")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Lines_of_json_hold_the_attempts_and_go_to_a_file()
    {
        var file = Path.Combine(folder.Path, "out.jsonl");
        var result = await RunAsync("export", "--format", "jsonl", "--to", "2026-11-21", "--out", file);

        Assert.Equal("", result.Output);
        Assert.Contains("2 requests written", result.Error, StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(file);
        var first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(2, lines.Length);
        Assert.Equal((2m, "key_1", "lab/one"), (first.GetProperty("cost_usd").GetDecimal(), first.GetProperty("caller").GetString(), first.GetProperty("attempts")[0].GetProperty("model").GetString()));
    }

    [Fact]
    public async Task Parquet_goes_to_a_file_only()
    {
        var file = Path.Combine(folder.Path, "out.parquet");
        var result = await RunAsync("export", "--format", "parquet", "--out", file);
        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        await using var written = File.OpenRead(file);
        var rows = Sommelier.Parquet.ParquetFile.ReadRows(written).Select(row => JsonDocument.Parse(row.ToArray()).RootElement).ToList();
        Assert.Equal([2m, 1m, 0.0001m, 0.3m, 9m], rows.Select(row => row.GetProperty("cost_usd").GetDecimal()));
        Assert.Equal("=cmd,|x", rows[0].GetProperty("model_asked").GetString());

        var refused = await RunAsync("export", "--format", "parquet");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--out FILE", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bill_that_agrees_is_fine_and_other_providers_do_not_matter()
    {
        // By their day the second call is another row of the same model.
        var result = await ReconcileAsync(
            """
            day,model,input_tokens,output_tokens,cost_usd
            2026-11-20,ONE-2026-10-01,1000000,500000,2.00
            2026-11-20,one-2026-10-01,990000,0,0.98
            2026-11-21,one,100,0,0.00
            2026-11-21,lab/nameless,100,0,0.30
            """);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("every difference is within 1%", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("other", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Differences_beyond_the_tolerance_end_with_one()
    {
        var result = await ReconcileAsync("day,model,cost_usd\n2026-11-20,one-2026-10-01,3.10\n2026-11-21,one,0\n2026-11-21,unheard-of,0.02\n", "--json");

        Assert.Equal(1, result.ExitCode);
        var found = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal((3, 3.3001m, 3.12m), (found.GetProperty("beyond").GetInt32(), found.GetProperty("ledger_usd").GetDecimal(), found.GetProperty("provider_usd").GetDecimal()));
        var days = found.GetProperty("days").EnumerateArray().ToDictionary(day => day.GetProperty("model").GetString()!);

        // Known here alone, of a provider of the file: the bill lacks it.
        Assert.Equal(-0.3m, days["lab/nameless"].GetProperty("difference_usd").GetDecimal());
        Assert.Equal(0.02m, days["unheard-of"].GetProperty("difference_usd").GetDecimal());
        Assert.Equal((0.1m, 1m, 3m), (days["one-2026-10-01"].GetProperty("difference_usd").GetDecimal(), days["one-2026-10-01"].GetProperty("estimated_usd").GetDecimal(), days["one-2026-10-01"].GetProperty("repriced_usd").GetDecimal()));
        Assert.Equal(JsonValueKind.Null, days["lab/nameless"].GetProperty("repriced_usd").ValueKind);
        Assert.Equal(0, (await ReconcileAsync("day,model,cost_usd\n2026-11-20,one-2026-10-01,3.10\n", "--tolerance", "4%")).ExitCode);
    }

    [Fact]
    public async Task What_is_not_there_is_told()
    {
        Assert.Contains("no ledger", (await CliRun.RunAsync("ledger", "export", "--data", Path.Combine(folder.Path, "nowhere"))).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("reconcile", "--export", Path.Combine(folder.Path, "none.csv"))).ExitCode);
        Assert.Contains("cost_usd", (await ReconcileAsync("day,model\n")).Error, StringComparison.Ordinal);
    }

    private async Task<CliResult> ReconcileAsync(string text, params string[] more)
    {
        var file = Path.Combine(folder.Path, "usage.csv");
        await File.WriteAllTextAsync(file, text);
        return await RunAsync(["reconcile", "--export", file, .. more]);
    }

    private Task<CliResult> RunAsync(params string[] arguments) => CliRun.RunAsync(["ledger", .. arguments, "--data", folder.Path, "--config", Configuration]);

    private static LedgerRecord Record(int number, DateTimeOffset at, string deployment, string? response, long input, long output, long cost, bool estimated = false) => new(
        new()
        {
            RequestId = RequestId.Format(at.ToUnixTimeMilliseconds(), 0, (ulong)number),
            StartedAt = at,
            InboundFormat = "openai-chat",
            Endpoint = "/v1/chat/completions",
            CallerKeyId = "key_1",
            OriginalModel = "=cmd,|x",
            DeploymentId = deployment,
            Outcome = LedgerOutcome.Succeeded,
            Status = 200,
            Tags = ["a", "b"],
            Attempts =
            [
                new()
                {
                    Number = 1,
                    DeploymentId = deployment,
                    RequestModel = deployment[(deployment.IndexOf('/', StringComparison.Ordinal) + 1)..],
                    ResponseModel = response,
                    StartedAt = at,
                    Outcome = AttemptOutcome.Succeeded,
                    Usage = new Usage { InputTokens = input, OutputTokens = output, Estimated = estimated },
                    CostNanoUsd = cost,
                },
            ],
        },
        null);
}
