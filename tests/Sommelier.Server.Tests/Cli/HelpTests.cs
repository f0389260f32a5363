using System.CommandLine;
using Sommelier.Server.Cli;
using Sommelier.TestKit;

namespace Sommelier.Server.Tests.Cli;

public sealed class HelpTests
{
    [Fact]
    public async Task The_help_of_every_verb_is_the_approved_one()
    {
        var context = new CliContext { Output = TextWriter.Null, Error = TextWriter.Null, Input = TextReader.Null, Console = CliContext.Plain(TextWriter.Null), Environment = _ => null };
        foreach (var path in Verbs(CommandLine.Create(context), []))
        {
            var result = await CliRun.RunAsync([.. path, "--help"]);

            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            var text = string.Join('\n', result.Output.Split('\n').Select(line => line.TrimEnd())).TrimEnd() + "\n";
            Approved.Equal(text, "tests", "Sommelier.Server.Tests", "Cli", "Approved", $"{string.Join('-', path.Prepend("sommelier"))}.txt");
        }
    }

    [Fact]
    public async Task Every_verb_that_prints_a_result_has_json()
    {
        foreach (var path in new[] { "route", "models list", "models show", "models pins", "models quality", "models quality diff", "models quality history", "models quality publish", "key create", "key list", "team list", "org list", "budget show", "ledger export", "ledger reconcile", "replay", "config check", "eval run", "eval import", "eval resume", "eval amend", "eval regrade", "eval report", "eval publish", "eval compare", "bench-router", "conformance", "doctor", "version" })
        {
            Assert.Contains("--json", (await CliRun.RunAsync([.. path.Split(' '), "--help"])).Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("models")]
    [InlineData("models", "show")]
    [InlineData("models", "list", "--nonsense")]
    [InlineData("route", "hello", "--at", "yesterday")]
    [InlineData("route", "hello", "--seed", "x")]
    [InlineData("config", "check", "--config", "/nowhere/sommelier.yaml")]
    public async Task A_wrong_command_line_ends_with_two_and_says_why(params string[] arguments)
    {
        var result = await CliRun.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.NotEqual("", result.Error);
    }

    private static IEnumerable<string[]> Verbs(Command command, string[] path)
    {
        yield return path;
        foreach (var inner in command.Subcommands.SelectMany(verb => Verbs(verb, [.. path, verb.Name])))
        {
            yield return inner;
        }
    }
}
