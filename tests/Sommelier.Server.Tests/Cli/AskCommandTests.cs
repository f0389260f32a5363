namespace Sommelier.Server.Tests.Cli;

public sealed class AskCommandTests
{
    private const string Lab = "discover: false\nproviders: { lab: { type: openai-compatible, base_url: 'ADDRESSv1', models: [m] } }\n";

    [Theory]
    [InlineData(Lab, "nobody/knows", 2)]
    [InlineData(Lab, "auto/nowhere", 2)]
    [InlineData("discover: false\n", "auto", 2)]
    [InlineData(Lab, "lab/m", 3)]
    public async Task Ends_with_2_for_what_the_asker_can_mend_and_3_for_what_is_down(string yaml, string model, int code)
    {
        using var folder = new TemporaryFolder();
        await using var provider = new FaultServer(FaultReply.Error(401, ScriptedAnswer.OpenAI.ErrorBody));
        var file = folder.Write("sommelier.yaml", yaml.Replace("ADDRESS", provider.Address.ToString(), StringComparison.Ordinal));

        var result = await CliRun.RunAsync("ask", "--config", file, "--data", Path.Combine(folder.Path, "data"), "--model", model, "Hello");

        Assert.Equal(code, result.ExitCode);
        Assert.StartsWith("sommelier: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
