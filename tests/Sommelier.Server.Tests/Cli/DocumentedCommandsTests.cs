using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Sommelier.Server.Cli;

namespace Sommelier.Server.Tests.Cli;

/// <summary>Every command that a document shows is one that the executable takes.</summary>
public sealed partial class DocumentedCommandsTests
{
    public static TheoryData<string, string> Commands()
    {
        var data = new TheoryData<string, string>();
        string[] documents =
        [
            .. Directory.EnumerateFiles(Repository.Root, "*.md"),
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories),
        ];
        foreach (var document in documents)
        {
            foreach (Match block in Block().Matches(File.ReadAllText(document)))
            {
                foreach (Match command in Command().Matches(block.Groups[1].Value))
                {
                    data.Add(Path.GetRelativePath(Repository.Root, document), Plain(command.Groups[1].Value));
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Documented_command_is_understood(string document, string arguments)
    {
        var context = new CliContext
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Input = TextReader.Null,
            Console = CliContext.Plain(TextWriter.Null),
            Environment = _ => null,
        };

        var parsed = CommandLine.Create(context).Parse(CommandLineParser.SplitCommandLine(arguments).ToArray());

        Assert.True(parsed.Errors.Count == 0, $"{document}: sommelier {arguments}: {string.Join(' ', parsed.Errors.Select(error => error.Message))}");
    }

    [Fact]
    public void There_are_commands_to_check() => Assert.True(Commands().Count > 5);

    // Without the remark behind it, what the shell does with it, and the brackets of a usage line.
    private static string Plain(string command)
    {
        var bare = command.Split(" #")[0].Split(" |")[0].Split(" >")[0].Split(" <")[0];
        return Optional().Replace(bare, match => match.Groups[1].Value.Replace("…", "", StringComparison.Ordinal)).Replace(" N", " 7", StringComparison.Ordinal).Trim();
    }

    [GeneratedRegex(@"\[([^\]]*)\]")]
    private static partial Regex Optional();

    [GeneratedRegex(@"```[a-z]*\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(?:\$ )?(?:\./)?sommelier +([a-z][^\n]*)$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
