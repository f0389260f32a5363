using System.Text.Json;

namespace Sommelier.Server.Tests.Cli;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Names_key_variables_and_never_their_values()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sommelier.yaml", $"server: {{ data: '{folder.Path}/data', urls: 'http://127.0.0.1:0' }}\ndiscover: false");

        var result = await CliRun.RunAsync("", ["GROQ_API_KEY=hunter2"], ["doctor", "--offline", "--config", file]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("GROQ_API_KEY set", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_ends_with_two()
    {
        using var folder = new TemporaryFolder();

        var result = await CliRun.RunAsync("doctor", "--offline", "--config", folder.Write("sommelier.yaml", "servr: {}"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Did you mean 'server'?", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_and_no_provider_end_with_three()
    {
        using var folder = new TemporaryFolder();
        var occupied = folder.Write("occupied", "a file");
        var file = folder.Write("sommelier.yaml", $"server: {{ data: '{occupied}/data', urls: 'http://127.0.0.1:0' }}\ndiscover: false");

        var result = await CliRun.RunAsync("doctor", "--offline", "--json", "--config", file);

        Assert.Equal(3, result.ExitCode);
        using var json = JsonDocument.Parse(result.Output);
        Assert.False(json.RootElement.GetProperty("healthy").GetBoolean());
        Assert.Equal(["models", "data folder"], json.RootElement.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("health").GetString() == "bad").Select(f => f.GetProperty("what").GetString()));
    }

    [Fact]
    public async Task A_provider_that_is_not_there_is_told()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sommelier.yaml", $"server: {{ data: '{folder.Path}/data', urls: 'http://127.0.0.1:0' }}\ndiscover: false\nproviders: {{ lab: {{ type: openai-compatible, base_url: 'http://127.0.0.1:1/v1', models: [m] }} }}");

        var result = await CliRun.RunAsync("doctor", "--config", file);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("http://127.0.0.1:1/v1/models cannot be reached", result.Output, StringComparison.Ordinal);
    }
}
