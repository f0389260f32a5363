using System.Text.Json;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Evals;

/// <summary>What the product is for: a suite is run, its run published, and the router decides by it, names it, and goes back when told to.</summary>
public sealed class PublishTests : IDisposable
{
    private const string Prompt = "Extract the invoice number, date and total from this e-mail as JSON: \"Hi, invoice INV-2231 dated 3 March 2026 comes to 1,240.50 EUR. Best, Ana\"";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_published_run_changes_the_choice_of_a_matching_prompt_and_is_named_by_it()
    {
        var before = await RouteAsync();
        var usual = before.GetProperty("model").GetString()!;
        var rivals = before.GetProperty("candidates").EnumerateArray().Take(20).Select(static one => one.GetProperty("model").GetString()!).Where(model => !model.EndsWith(usual.Split('/')[^1], StringComparison.Ordinal)).Take(3);
        var run = await RunAsync(Samples("extraction"), string.Join(',', rivals.Prepend(usual).Select(static model => $"demo/{model}")));

        Assert.Equal(2, (await EvalWorld.InvokeAsync("eval", "publish", run, "--data", folder.Path)).ExitCode);
        var published = await EvalWorld.InvokeAsync("eval", "publish", run, "--data", folder.Path, "--simulated", "--json");
        var after = await RouteAsync();

        Assert.True(published.ExitCode == 0, published.Error);
        Assert.NotEqual(usual, after.GetProperty("model").GetString());
        Assert.StartsWith("v1-", after.GetProperty("quality_version").GetString(), StringComparison.Ordinal);
        Assert.Contains($"eval run {run} (extraction, simulated) n=", after.GetProperty("candidates")[0].GetProperty("quality").GetProperty("evidence").GetString(), StringComparison.Ordinal);

        Assert.Equal(0, (await EvalWorld.InvokeAsync("models", "quality", "rollback", "0", "--data", folder.Path)).ExitCode);
        Assert.Equal(usual, (await RouteAsync()).GetProperty("model").GetString());
    }

    [Fact]
    public async Task A_shadow_is_stored_and_changes_nothing()
    {
        var usual = (await RouteAsync()).GetProperty("model").GetString();
        var run = await RunAsync(Samples("extraction"), $"demo/{usual}");

        var published = await EvalWorld.InvokeAsync("eval", "publish", "last", "--data", folder.Path, "--simulated", "--shadow");

        Assert.Contains("nothing uses it yet", published.Output, StringComparison.Ordinal);
        Assert.Contains(run, (await EvalWorld.InvokeAsync("models", "quality", "history", "--data", folder.Path)).Output, StringComparison.Ordinal);
        Assert.Equal("v0", (await RouteAsync()).GetProperty("quality_version").GetString());
    }

    [Fact]
    public async Task A_run_whose_gate_failed_is_not_published_unless_it_must_be()
    {
        await using var world = new EvalWorld(60, more: "gate: { vs: lab/good, max_regression: 0 }\n");
        Assert.Equal(1, (await world.RunAsync("run", world.Suite, "--models", "lab/good,lab/poor", "--yes")).ExitCode);

        var refused = await world.RunAsync("publish", "last");
        var forced = await world.RunAsync("publish", "last", "--force");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, forced.ExitCode);
        Assert.Contains("120 cases of 2 models", forced.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_configuration_says_so_a_run_is_a_shadow_first_and_put_in_force_by_hand()
    {
        await using var world = new EvalWorld(12);
        File.AppendAllText(world.Config, "quality: { evals: shadow }\n");
        await world.RunAsync("run", world.Suite, "--models", "lab/good", "--yes");

        var first = await world.RunAsync("publish", "last", "--json");
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.True(JsonDocument.Parse(first.Output).RootElement.GetProperty("shadow").GetBoolean());
        Assert.Equal(0, (await EvalWorld.InvokeAsync("models", "quality", "rollback", "1", "--config", world.Config, "--data", world.Data)).ExitCode);
        Assert.False(JsonDocument.Parse((await world.RunAsync("publish", "last", "--in-force", "--json")).Output).RootElement.GetProperty("shadow").GetBoolean());
        Assert.Equal(2, (await world.RunAsync("publish", "last", "--in-force", "--shadow")).ExitCode);
    }

    private async Task<JsonElement> RouteAsync() =>
        JsonDocument.Parse((await EvalWorld.InvokeAsync("route", "--json", "--data", folder.Path, Prompt)).Output).RootElement;

    private async Task<string> RunAsync(string suite, string models)
    {
        var run = await EvalWorld.InvokeAsync("eval", "run", suite, "--models", models, "--data", folder.Path, "--yes", "--json");
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        return Path.GetFileName(Directory.GetDirectories(Path.Combine(folder.Path, "evals")).Order(StringComparer.Ordinal).Last());
    }

    private static string Samples(string name) => Path.Combine(Repository.Root, "samples", "evals", $"{name}.suite.yaml");
}
