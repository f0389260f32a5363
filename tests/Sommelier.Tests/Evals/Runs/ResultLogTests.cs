using Sommelier.Canonical;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Runs;

namespace Sommelier.Tests.Evals.Runs;

public sealed class ResultLogTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sommelier-log-");

    private string File => Path.Combine(folder.FullName, RunFolder.ResultsName);

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_is_written_is_read()
    {
        var result = Result("a", 0, 0.5);
        using (var log = ResultLog.Open(File))
        {
            log.Append(result);
        }

        var read = Assert.Single(ResultLog.Read(File));
        Assert.Equal(result.Key, read.Key);
        Assert.Equal(result.Answer! with { ToolCalls = [] }, read.Answer! with { ToolCalls = [] });
        Assert.Equal(result.Answer.ToolCalls, read.Answer.ToolCalls);
        Assert.Equal(result.Grades, read.Grades);
        Assert.Equal((0.5, 0.01m, result.At), (read.Score, read.SpentUsd, read.At));
    }

    [Fact]
    public void A_line_that_is_torn_at_any_byte_costs_that_line_alone()
    {
        using (var log = ResultLog.Open(File))
        {
            log.Append(Result("a", 0, 1));
            log.Append(Result("b", 0, 1));
        }

        var whole = System.IO.File.ReadAllBytes(File);
        var first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = first; length < whole.Length; length += 7)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Assert.Equal("a", Assert.Single(ResultLog.Read(File)).Key.Case);
            using (var log = ResultLog.Open(File))
            {
                log.Append(Result("c", 0, 1));
            }

            Assert.Equal(["a", "c"], ResultLog.Read(File).Select(result => result.Key.Case));
        }
    }

    [Fact]
    public void The_last_line_of_an_item_counts_and_the_money_of_all()
    {
        using (var log = ResultLog.Open(File))
        {
            log.Append(Result("a", 0, null));
            log.Append(Result("a", 0, 1));
            log.Append(Result("a", 1, 0));
        }

        var results = RunResults.Read(File);
        Assert.Equal(2, results.All.Count);
        Assert.Equal(0.03m, results.SpentUsd);
        Assert.True(results.IsDone(new("hash", "a", "lab/m", 0)));
        Assert.False(results.IsDone(new("hash", "a", "lab/m", 2)));
    }

    [Fact]
    public void Earlier_answers_are_found_by_what_was_asked()
    {
        using (var log = ResultLog.Open(File))
        {
            log.Append(Result("a", 0, 1));
            log.Append(Result("b", 0, null) with { Answer = null, Error = "down" });
        }

        var cache = AnswerCache.Open([folder.FullName]);
        Assert.Equal("It says \"ä\"", cache.Find("key a 0")!.Text);
        Assert.False(cache.Holds("key b 0"));
        Assert.Null(cache.Find("other"));
    }

    private static EvalResult Result(string name, int repeat, double? score) => new()
    {
        Key = new("hash", name, "lab/m", repeat),
        AnswerKey = $"key {name} {repeat}",
        At = new(2026, 11, 26, 1, 2, 3, TimeSpan.Zero),
        Score = score,
        Passed = score is 1,
        SpentUsd = 0.01m,
        Answer = new()
        {
            Text = "It says \"ä\"",
            ToolCalls = [new("call_1", "look", "{}")],
            FinishReason = FinishReasonKind.ToolCalls,
            ResponseModel = "m-1",
            Usage = new() { InputTokens = 5, OutputTokens = 2 },
            CostUsd = 0.0123m,
            Latency = TimeSpan.FromMilliseconds(12.5),
            Attempts = 2,
            Simulated = true,
        },
        Grades = [new("contains", "accuracy", 2, true, GradeState.Failed, 0, "why")],
    };
}
