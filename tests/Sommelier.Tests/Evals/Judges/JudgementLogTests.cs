using Sommelier.Evals.Runs;

namespace Sommelier.Tests.Evals.Judges;

/// <summary>What judges said is given again, until another version of the judge has spoken.</summary>
public sealed class JudgementLogTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sommelier-judgements-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_was_said_is_given_again_to_the_letter()
    {
        using (var log = Open("one"))
        {
            log.Append(Said("a", "v1", 1) with { Text = "It says \"ä\"\n" });
            log.Append(Said("b", "v1", 2) with { Vectors = [[1.5f, -2], [float.Epsilon, 0]] });
            log.Append(Said("c", "", 3));
        }

        using var next = Open("two");
        Assert.Equal("It says \"ä\"\n", next.Find("a")!.Text);
        Assert.Equal([[1.5f, -2], [float.Epsilon, 0]], next.Find("b")!.Vectors!);
        Assert.Null(next.Find("c"));
        Assert.Null(next.Find("d"));
        Assert.Equal(0.03m, JudgementLog.SpentUsd(PathOf("one")));
    }

    [Fact]
    public void Another_version_of_a_judge_is_another_judge()
    {
        using (var log = Open("one"))
        {
            log.Append(Said("a", "v1", 1) with { Text = "old" });
            log.Append(Said("b", "v2", 2) with { Text = "new" });
            log.Append(Said("e", "v1", 0) with { Judge = "lab/other", Text = "other" });
        }

        using var next = Open("two");
        Assert.Null(next.Find("a"));
        Assert.Equal("new", next.Find("b")!.Text);
        Assert.Equal("other", next.Find("e")!.Text);
    }

    private string PathOf(string run) => Path.Combine(folder.CreateSubdirectory(run).FullName, RunFolder.JudgementsName);

    private JudgementLog Open(string run) => JudgementLog.Open(PathOf(run), folder.FullName);

    private static Judgement Said(string key, string version, int second) => new() { Key = key, Judge = "lab/judge", Version = version, At = new(2026, 11, 27, 0, 0, second, TimeSpan.Zero), SpentUsd = 0.01m };
}
