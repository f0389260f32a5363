using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Quality;
using Sommelier.Quality.Storage;
using Sommelier.Server.Tests.Quality;
using Sommelier.Storage;

namespace Sommelier.Server.Tests.Cli;

/// <summary><c>models quality …</c>, and <c>route</c> on the table that is in force in its data folder.</summary>
public sealed class QualityCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private string configuration = null!;

    public async ValueTask InitializeAsync()
    {
        configuration = Path.Combine(folder.Path, "sommelier.yaml");
        await File.WriteAllTextAsync(
            configuration,
            """
            discover: false
            providers:
              lab:
                type: openai-compatible
                base_url: http://127.0.0.1:9/v1
                models: [{ id: one, price: { input: 1, output: 2 } }, { id: two, price: { input: 2, output: 4 } }]
            """);
        await using var database = Database.OfSqlite(Path.Combine(folder.Path, "sommelier.db"));
        using var book = await QualityBook.OpenAsync(new QualityStore(database), new FakeTimeProvider(CliRun.Now), NullLogger.Instance, default);
        await PublishAsync(book, "2026-11-20-ab12", 0);
        await PublishAsync(book, "2026-11-22-cd34", 40);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Shows_the_table_its_history_and_what_a_version_changed()
    {
        var table = await RunAsync("models", "quality");
        var row = table.Output.Split('\n').Single(line => line.StartsWith("lab/one", StringComparison.Ordinal));
        Assert.Matches(@"^lab/one +coding +0\.\d{3} +0\.\d{3} +80 +0 h +v2-[0-9a-f]{8}: eval run 2026-11-20-ab12 \(code\.suite\) n=40; eval run 2026-11-22-cd34 \(code\.suite\) n=40; before: nothing known", row);

        var history = await RunAsync("models", "quality", "history");
        Assert.Matches(@"v2-[0-9a-f]{8} +in force +2026-11-23 12:00 +test +v1 +80 +eval run 2026-11-22-cd34 *\n *v1-", history.Output);

        var diff = Json(await RunAsync("models", "quality", "diff", "--json"));
        Assert.All(diff.GetProperty("data").EnumerateArray(), one => Assert.Equal("lab/one", one.GetProperty("model").GetString()));
        Assert.Equal("coding", diff.GetProperty("data")[0].GetProperty("intent").GetString());
        var whole = await RunAsync("models", "quality", "diff", "0", "v1");
        Assert.Matches(@"^v0 to v1-[0-9a-f]{8}: 18 differences\n", whole.Output);
        Assert.Contains("eval run 2026-11-20-ab12 (code.suite) n=40", whole.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_says_what_the_version_in_force_says()
    {
        var second = Json(await RunAsync("route", "--json", "Write a Python function that merges two sorted lists."));
        Assert.Contains("eval run 2026-11-22-cd34 (code.suite) n=40", second.GetProperty("candidates").ToString(), StringComparison.Ordinal);

        Assert.Equal("v1", (await RunAsync("models", "quality", "rollback", "1")).Output[..2]);
        var first = Json(await RunAsync("route", "--json", "Write a Python function that merges two sorted lists."));
        Assert.Equal(("lab/one", "lab/two"), (second.GetProperty("model").GetString(), first.GetProperty("model").GetString()));
        Assert.StartsWith("v1-", first.GetProperty("quality_version").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cd34", first.GetProperty("candidates").ToString(), StringComparison.Ordinal);
        Assert.Contains("eval run 2026-11-20-ab12", (await RunAsync("models", "show", "lab/one")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "models", "quality", "rollback", "9")]
    [InlineData(2, "models", "quality", "diff", "one")]
    [InlineData(2, "models", "quality", "--intent", "drinking")]
    [InlineData(2, "models", "quality", "--model", "nobody")]
    [InlineData(2, "route", "--decision", "01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData(2, "route", "--decision", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "hello")]
    [InlineData(3, "models", "quality", "history", "--data", "/nowhere")]
    public async Task What_cannot_be_done_ends_with_a_reason(int code, params string[] arguments)
    {
        var result = arguments[^1] is "/nowhere" ? await CliRun.RunAsync(arguments) : await RunAsync(arguments);

        Assert.Equal((code, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("sommelier: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_gateway_follows_and_its_decisions_are_decided_again()
    {
        await using var tasting = await Tasting.StartAsync();
        var gateway = tasting.Lab.Gateway;
        var yaml = Path.Combine(folder.Path, "lab.yaml");
        await File.WriteAllTextAsync(yaml, gateway.Configuration);
        foreach (var id in await tasting.AskAsync(24, "lab/one"))
        {
            await tasting.SayAsync($$"""{"request_id":"{{id}}","thumbs":"down"}""");
        }

        var made = await BesideAsync("models", "quality", "publish", "--reason", "a bad week");
        Assert.Matches(@"^v1-[0-9a-f]{8} was made of 24 answers and is in force\.\n$", made.Output);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (gateway.Gateway.Quality.Book.Live is null)
        {
            await Task.Delay(50, patience.Token);
        }

        var (asked, model) = await tasting.AskAsync();
        Assert.Equal("lab/two", model);
        await gateway.EntriesAsync(25);
        await BesideAsync("models", "quality", "rollback", "0");
        var again = await BesideAsync("route", "--decision", asked, "--json");

        Assert.Equal("sommelier: decided again, the same as recorded.\n", again.Error);
        Assert.Equal("lab/two", Json(again).GetProperty("model").GetString());

        Task<CliResult> BesideAsync(params string[] arguments) =>
            CliRun.RunAsync("", [], [.. arguments, "--config", yaml, "--data", gateway.Folder], TimeProvider.System);
    }

    private Task<CliResult> RunAsync(params string[] arguments) => CliRun.RunAsync([.. arguments, "--config", configuration, "--data", folder.Path]);

    private static JsonElement Json(CliResult result)
    {
        Assert.Equal(0, result.ExitCode);
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    private static async Task PublishAsync(QualityBook book, string run, double score) => await book.PublishAsync(
        new()
        {
            Reason = string.Create(CultureInfo.InvariantCulture, $"eval run {run}"),
            Actor = "test",
            Catalog = CatalogSnapshot.Empty,
            Evidence =
            [
                new() { Id = run, Model = "lab/one", Intent = Intent.Coding, Kind = EvidenceKind.Eval, Source = $"{run} (code.suite)", Answers = 40, Score = score, ObservedAt = CliRun.Now },
            ],
        },
        default);
}
