using System.Diagnostics;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Suites;

namespace Sommelier.Tests.Evals.Graders;

/// <summary>Answers are anybody's text: none may hang a grader or throw out of it.</summary>
public sealed class HostileAnswersTests
{
    private const int Long = 1_000_000;

    // Far above what is measured (under three seconds each on a busy machine), far below what anything quadratic would take.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(20);

    // Without those that run the answer or a script in a process of their own, and the one that does not read it.
    public static TheoryData<string> Kinds => [.. GraderRegistry.All.Select(static kind => kind.Name).Except(["code", "javascript", "human"], StringComparer.Ordinal)];

    private static IEnumerable<string> Answers()
    {
        yield return new string('a', Long);
        yield return new string(' ', Long);
        yield return new string('\n', Long);
        yield return new string('[', Long);
        yield return new string('*', Long);
        yield return new string('9', Long);
        yield return string.Concat(Enumerable.Repeat("{\"a\":", Long / 5));
        yield return string.Concat(Enumerable.Repeat("[\"", Long / 2));
        yield return string.Concat(Enumerable.Repeat("[1,", Long / 3));
        yield return string.Concat(Enumerable.Repeat("answer ", Long / 7));
        yield return string.Concat(Enumerable.Repeat("#### \\boxed{", Long / 12));
        yield return $"\\boxed{{{new string('(', Long)}}}";
        yield return $"\\boxed{{{string.Concat(Enumerable.Repeat("2^", 900))}2}}";
        yield return $"\\boxed{{{string.Concat(Enumerable.Repeat("\\frac", 380))}}}";
        yield return string.Concat(Enumerable.Repeat("a. ", Long / 3));
        yield return string.Concat(Enumerable.Repeat("1,", Long / 2));
        foreach (var markup in (string[])["<", "<a ", "<a", "<a>", "<b>", "<p><b></p>", "<a '<b \"", "<!--", "</p>", "<li><ul>", "<a x=\"", "<table><tr>", "&amp;", "SELECT (", "a AND "])
        {
            yield return string.Concat(Enumerable.Repeat(markup, Long / markup.Length));
        }

        yield return string.Concat(Enumerable.Repeat("<b>", Long / 10)) + string.Concat(Enumerable.Repeat("<div>", Long / 10)) + string.Concat(Enumerable.Repeat("</b>", Long / 10));
        yield return "<script>" + string.Concat(Enumerable.Repeat("</script ", Long / 9));
        yield return "SELECT " + string.Concat(Enumerable.Repeat("(", 40_000));
        yield return "SELECT 1;\0 and more";
        yield return $"WITH c0(a) AS (SELECT 1), {string.Join(", ", Enumerable.Range(1, 29).Select(static i => $"c{i}(a) AS (SELECT a FROM c{i - 1} UNION ALL SELECT a FROM c{i - 1})"))} SELECT * FROM c29";
        yield return "SELECT 1" + string.Concat(Enumerable.Repeat(" UNION SELECT 1", 6_000));
        yield return "SELECT 1 FROM a" + string.Concat(Enumerable.Repeat(", (SELECT 1)", 8_000));
        yield return "\uD800 half of a pair \uDC00";
        yield return "";
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task No_answer_hangs_a_grader(string kind)
    {
        var expectation = new Expectation { Kind = kind, Grader = Grading.Grader(GraderDocumentTests.Expectation(GraderRegistry.Find(kind)!.Example.Replace("not-", "", StringComparison.Ordinal))) };
        foreach (var answer in Answers())
        {
            // In a thread of its own, so that a hang is told and not had.
            var graded = Task.Run(async () => await expectation.GradeAsync(new GradedAnswer { Text = answer, ToolCalls = [new("1", "get_weather", answer)], Tools = [new("get_weather", null, "{\"type\":\"object\"}")] }, TestContext.Current.CancellationToken));

            Assert.True(await Task.WhenAny(graded, Task.Delay(Most)) == graded, $"{kind} hangs at '{answer[..Math.Min(20, answer.Length)]}'");
            await graded;
        }
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|a)*b")]
    [InlineData(@"(?=(a+)+$)\bb")]
    [InlineData(@"^(([a-z])+.)+[A-Z]([a-z])+$(?<=x)")]
    public void No_expression_hangs_a_grader(string pattern)
    {
        var grader = Grading.Grader(new System.Text.Json.Nodes.JsonObject { ["type"] = "regex", ["value"] = pattern });
        var clock = Stopwatch.StartNew();
        var grade = Grading.Grade(grader, new GradedAnswer { Text = $"{new string('a', 50_000)}!" });

        Assert.True(clock.Elapsed < Most);
        Assert.NotEqual(GradeState.Passed, grade.State);
    }

    [Fact]
    public void Lists_in_any_order_do_not_hang_either()
    {
        var numbers = string.Join(',', Enumerable.Range(0, 50_000));
        var clock = Stopwatch.StartNew();
        Grading.Grade($$"""{ "type": "json-equals", "value": [{{numbers}}], "any_order": true }""", $"[{string.Join(',', Enumerable.Range(0, 50_000).Reverse())}]");

        Assert.True(clock.Elapsed < Most);
    }
}
