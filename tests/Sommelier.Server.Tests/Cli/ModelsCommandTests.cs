using System.Text.Json;

namespace Sommelier.Server.Tests.Cli;

public sealed class ModelsCommandTests
{
    [Fact]
    public async Task Lists_models_with_prices_and_ends()
    {
        var result = await CliRun.RunAsync("models", "list", "anthropic/claude-sonnet-4-5");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("2026-11-30", result.Output, StringComparison.Ordinal);
        Assert.Contains("models, catalog", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retired_models_are_listed_when_asked_for()
    {
        var living = await CliRun.RunAsync("models", "list", "openai/gpt-4-turbo");
        var all = await CliRun.RunAsync("models", "list", "openai/gpt-4-turbo", "--all");
        var then = await CliRun.RunAsync("models", "list", "openai/gpt-4-turbo", "--at", "2026-01-01");

        Assert.DoesNotContain("openai/gpt-4-turbo ", living.Output, StringComparison.Ordinal);
        Assert.Contains("openai/gpt-4-turbo ", all.Output, StringComparison.Ordinal);
        Assert.Contains("openai/gpt-4-turbo ", then.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_everything_about_a_model()
    {
        var text = (await CliRun.RunAsync("models", "show", "anthropic/claude-opus-4-6")).Output;
        using var json = JsonDocument.Parse((await CliRun.RunAsync("models", "show", "anthropic/claude-opus-4-6", "--json")).Output);

        Assert.Contains("livebench", text, StringComparison.Ordinal);
        Assert.Contains("USD per million tokens", text, StringComparison.Ordinal);
        var model = json.RootElement.GetProperty("models")[0];
        Assert.Equal(5m, model.GetProperty("price").GetProperty("input").GetDecimal());
        Assert.Equal(18, json.RootElement.GetProperty("quality").EnumerateObject().Count());
    }

    [Fact]
    public async Task An_unknown_model_is_named_with_the_nearest_one()
    {
        var result = await CliRun.RunAsync("models", "show", "claude-opus-4-66");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Did you mean 'claude-opus-4-6'?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pins_finds_names_in_code_and_fails_when_one_is_retired()
    {
        using var folder = new TemporaryFolder();
        folder.Write("app.py", "client.chat(model=\"gpt-4-turbo\")\nother = 'claude-sonnet-4-5'\n# utf-8, x86-64, sha-256\nfine = \"claude-opus-5-5\"\n");
        folder.Write("node_modules/lib.js", "model: 'gpt-4-turbo'");

        var text = await CliRun.RunAsync("models", "pins", folder.Path);
        using var json = JsonDocument.Parse((await CliRun.RunAsync("models", "pins", folder.Path, "--json")).Output);
        var earlier = await CliRun.RunAsync("models", "pins", folder.Path, "--at", "2026-09-01");

        Assert.Equal(1, text.ExitCode);
        Assert.Contains("3 names of models on 2026-11-23: 2 to look at.", text.Output, StringComparison.Ordinal);
        Assert.Equal(
            [("gpt-4-turbo", "retired", "2026-10-23"), ("claude-sonnet-4-5", "ends_within_30_days", "2026-11-30")],
            json.RootElement.GetProperty("findings").EnumerateArray().Select(f => (f.GetProperty("name").GetString()!, f.GetProperty("state").GetString()!, f.GetProperty("retires_on").GetString()!)));
        Assert.EndsWith("app.py:2", json.RootElement.GetProperty("findings")[1].GetProperty("where").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, earlier.ExitCode);
    }

    [Fact]
    public async Task Pins_reads_the_configuration()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "sommelier.yaml",
            """
            providers: { claude: { type: anthropic, api_key: "${KEY}", only: [claude-sonnet-4-5, "claude-opus-*"] } }
            aliases: { a: claude/claude-sonnet-4-5, b: auto/frugal }
            policies: { p: { only: [claude], prefer: { code: [a, claude-sonnet-4-5] } } }
            """);

        using var json = JsonDocument.Parse((await CliRun.RunAsync("models", "pins", "--config", file, "--json")).Output);

        Assert.Equal(3, json.RootElement.GetProperty("names").GetInt32());
        Assert.Equal(
            ["aliases.a", "policies.p.prefer.code[1]", "providers.claude.only[0]"],
            json.RootElement.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("where").GetString()!.Split(' ')[1]).Order(StringComparer.Ordinal));
    }
}
