using System.Text.Json;

namespace Sommelier.Server.Tests.Cli;

public sealed class ConfigCommandTests
{
    [Fact]
    public async Task A_valid_file_is_called_valid()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sommelier.yaml", "providers: { groq: { api_key: '${GROQ_API_KEY}' } }\naliases: { x: groq/nothing-like-it }");

        var result = await CliRun.RunAsync("", ["GROQ_API_KEY=k"], ["config", "check", "--config", file]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("is valid.", result.Output, StringComparison.Ordinal);
        Assert.Contains("aliases.x: warning:", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("discover: true", true)]
    [InlineData("discover: false", false)]
    public async Task What_is_looked_for_when_serving_is_said(string line, bool looked)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sommelier.yaml", $"{line}\nproviders: {{ groq: {{ api_key: x }} }}");

        var result = await CliRun.RunAsync("config", "check", "--config", file);

        Assert.Equal(looked, result.Output.Contains("looked for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_mistakes_are_listed_at_once()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sommelier.yaml", "servr: {}\ndiscover: maybe\nproviders: { groq: { api_key: '${GROQ_API_KEY}' } }");

        var text = await CliRun.RunAsync("config", "check", "--config", file);
        var json = await CliRun.RunAsync("config", "check", "--config", file, "--json");
        var offline = await CliRun.RunAsync("config", "check", "--config", file, "--offline", "--json");

        Assert.Equal((2, ""), (text.ExitCode, text.Output));
        Assert.Equal(4, text.Error.TrimEnd().Split('\n').Length);
        Assert.EndsWith("3 mistakes.\n", text.Error, StringComparison.Ordinal);
        Assert.Equal(2, json.ExitCode);
        Assert.Equal(["servr", "discover", "providers.groq.api_key"], Paths(json));
        Assert.Equal(["servr", "discover"], Paths(offline));
    }

    [Fact]
    public async Task A_profile_is_switched_by_key_variable_and_option()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sommelier.yaml", "profile: production\nprofiles: { ours: { default: premium } }");

        var byKey = await CliRun.RunAsync("config", "check", "--config", file);
        var byVariable = await CliRun.RunAsync("", ["SOMMELIER_PROFILE=ours"], ["config", "check", "--config", file]);
        var byOption = await CliRun.RunAsync("", ["SOMMELIER_PROFILE=ours"], ["config", "check", "--config", file, "--profile", "prototype"]);
        var wrong = await CliRun.RunAsync("config", "check", "--config", file, "--profile", "nope");

        Assert.Contains("'auto' is balanced. Profile: production.", byKey.Output, StringComparison.Ordinal);
        Assert.Contains("'auto' is premium. Profile: ours.", byVariable.Output, StringComparison.Ordinal);
        Assert.Contains("'auto' is balanced. Profile: prototype.", byOption.Output, StringComparison.Ordinal);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("there is no profile 'nope'", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_is_printed()
    {
        var result = await CliRun.RunAsync("config", "schema");

        using var schema = JsonDocument.Parse(result.Output);
        Assert.True(schema.RootElement.GetProperty("properties").TryGetProperty("providers", out _));
    }

    private static string[] Paths(CliResult result)
    {
        using var document = JsonDocument.Parse(result.Output);
        return [.. document.RootElement.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("path").GetString()!)];
    }
}
