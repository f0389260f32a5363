using Sommelier.Evals.Pairs;

namespace Sommelier.Tests.Evals.Judges;

public sealed class PairLabelTests
{
    [Fact]
    public void Labels_are_found_in_either_order_and_averaged()
    {
        var labels = PairLabels.Read(
            [
                """{"case": "a", "models": ["lab/x", "lab/y"], "better": "lab/x"}""",
                """{"case": "a", "models": ["lab/y", "other/x"], "better": "lab/y"}""",
                """{"case": "b", "models": ["lab/x", "lab/y"], "better": "tie"}""",
            ],
            static problem => Assert.Fail(problem));

        Assert.Equal(3, labels.Count);
        Assert.Equal(0.5, labels.Find("a", "lab/y", "lab/x"));
        Assert.Equal(0.5, labels.Find("b", "lab/x", "lab/y"));
        Assert.Null(labels.Find("a", "lab/x", "lab/z"));
    }

    [Fact]
    public void Every_bad_line_is_told()
    {
        var problems = new List<string>();

        var labels = PairLabels.Read(
            ["no", "{}", """{"case": "a", "models": ["x"]}""", """{"case": "a", "models": ["x", "y"], "better": "z"}""", """{"case": "a", "models": ["x", "lab/x"], "better": "x"}""", """{"case": "a", "models": ["x", "y"], "better": "y"}"""],
            problems.Add);

        Assert.Equal(1, labels.Count);
        Assert.Equal(["1", "2", "3", "4", "5"], problems.Select(static problem => problem[^1..]));
        Assert.Equal(0, labels.Find("a", "x", "y"));
    }

    [Fact]
    public void Style_is_counted_on_markdown()
    {
        var style = AnswerStyle.Of("# Title\n## Two\n####### none\n- one\n* two\n1. three\n12) four\n2026 is a year\n**bold** and __bold__, 2 * 3\n#tag");

        Assert.Equal((2, 4, 2), (style.Headers, style.Lists, style.Bold));
        Assert.Equal(0, AnswerStyle.Of("").Length);
    }
}
