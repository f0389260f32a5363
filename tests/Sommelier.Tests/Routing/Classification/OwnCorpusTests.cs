using Sommelier.Canonical;

namespace Sommelier.Tests.Routing.Classification;

public sealed class OwnCorpusTests
{
    [Fact]
    public void Every_heading_is_an_intent_and_no_prompt_stands_twice()
    {
        var prompts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (file, line) in Lines())
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                Assert.True(Intents.TryParse(line[2..], out _), $"{file}: '{line}' is no intent");
            }
            else
            {
                Assert.True(prompts.Add($"{file}: {line}"), $"{file}: '{line}' stands twice");
            }
        }

        Assert.InRange(prompts.Count, 1000, int.MaxValue);
    }

    [Theory]
    [InlineData("en.txt")]
    [InlineData("ko.txt")]
    [InlineData("ja.txt")]
    [InlineData("zh.txt")]
    public void The_four_main_languages_cover_every_intent(string file)
    {
        var covered = Lines().Where(item => item.File == file && item.Line.StartsWith("# ", StringComparison.Ordinal)).Select(item => item.Line[2..]);

        Assert.Empty(Intents.Names.Except(covered));
    }

    private static IEnumerable<(string File, string Line)> Lines() =>
        from path in Directory.GetFiles(Folder(), "*.txt")
        from line in File.ReadLines(path)
        where line.Length > 0
        select (Path.GetFileName(path), line);

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Sommelier.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Sommelier.slnx stands in no folder above the tests.");
        }

        return Path.Combine(folder.FullName, "tools", "Sommelier.Training", "Corpus");
    }
}
