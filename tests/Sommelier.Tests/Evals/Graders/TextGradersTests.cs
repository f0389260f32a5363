using Sommelier.Canonical;
using Sommelier.Evals.Graders;

namespace Sommelier.Tests.Evals.Graders;

/// <summary>The kinds that look at an answer's words and circumstances, one line a rule.</summary>
public sealed class TextGradersTests
{
    [Theory]
    [InlineData("""{ "type": "exact", "value": "Paris" }""", " paris\n", true)]
    [InlineData("""{ "type": "exact", "value": ["Rome", "Paris"] }""", "Paris", true)]
    [InlineData("""{ "type": "exact", "value": "Paris", "ignore_case": false }""", "paris", false)]
    [InlineData("""{ "type": "exact", "value": "Paris", "trim": false }""", "Paris ", false)]
    [InlineData("""{ "type": "exact", "value": "Paris" }""", "Paris.", false)]
    [InlineData("""{ "type": "equals", "value": "Paris" }""", "Paris", true)]
    [InlineData("""{ "type": "equals", "value": "Paris" }""", "paris", false)]
    [InlineData("""{ "type": "equals", "value": "Paris" }""", "Paris ", false)]
    [InlineData("""{ "type": "equals", "value": 42 }""", "42", true)]
    [InlineData("""{ "type": "equals", "value": { "a": 1, "b": [2] } }""", """ {"b": [2.0], "a": 1} """, true)]
    [InlineData("""{ "type": "equals", "value": { "a": 1 } }""", """{"a": 1, "b": 2}""", false)]
    [InlineData("""{ "type": "equals", "value": { "a": 1 } }""", "a: 1", false)]
    [InlineData("""{ "type": "contains", "value": "Paris" }""", "It is Paris.", true)]
    [InlineData("""{ "type": "contains", "value": "Paris" }""", "It is PARIS.", false)]
    [InlineData("""{ "type": "icontains", "value": "Paris" }""", "It is PARIS.", true)]
    [InlineData("""{ "type": "contains-any", "value": ["x", "y"] }""", "y", true)]
    [InlineData("""{ "type": "contains-any", "value": "x, \"y, z\"" }""", "y z", false)]
    [InlineData("""{ "type": "contains-any", "value": "x, \"y, z\"" }""", "(y, z)", true)]
    [InlineData("""{ "type": "contains-all", "value": ["x", 2] }""", "2x", true)]
    [InlineData("""{ "type": "contains-all", "value": ["x", "Y"] }""", "xy", false)]
    [InlineData("""{ "type": "icontains-all", "value": ["x", "Y"] }""", "Xy", true)]
    [InlineData("""{ "type": "icontains-any", "value": ["x", "Y"] }""", "z", false)]
    [InlineData("""{ "type": "starts-with", "value": "Dear" }""", "Dear me", true)]
    [InlineData("""{ "type": "starts-with", "value": "Dear" }""", " Dear me", false)]
    [InlineData("""{ "type": "ends-with", "value": "me" }""", "Dear me", true)]
    [InlineData("""{ "type": "ends-with", "value": "me" }""", "Dear me\n", false)]
    [InlineData("""{ "type": "regex", "value": "\\d{4}-\\d{2}" }""", "on 2026-11", true)]
    [InlineData("""{ "type": "regex", "value": "^\\d+$" }""", "12\n", false)]
    [InlineData("""{ "type": "regex", "value": "^\\d+$", "flags": "m" }""", "a\n12\nb", true)]
    [InlineData("""{ "type": "regex", "value": "\\d" }""", "٣", false)]
    [InlineData("""{ "type": "regex", "value": "paris" }""", "Paris", false)]
    [InlineData("""{ "type": "regex", "value": "paris", "flags": "i" }""", "Paris", true)]
    [InlineData("""{ "type": "regex", "value": "a.b", "flags": "s" }""", "a\nb", true)]
    [InlineData("""{ "type": "regex", "value": "\\bcat\\b" }""", "a cat!", true)]
    [InlineData("""{ "type": "regex", "value": "\\bcat$" }""", "a cat\n", false)]
    [InlineData("""{ "type": "regex", "value": "(\\w)\\1" }""", "book", true)]
    [InlineData("""{ "type": "regex", "value": "(?<=\\$)\\d+" }""", "for $5", true)]
    [InlineData("""{ "type": "word-count", "value": 3 }""", " one two\tthree ", true)]
    [InlineData("""{ "type": "word-count", "value": { "min": 2, "max": 3 } }""", "one", false)]
    [InlineData("""{ "type": "word-count", "value": { "max": 3 } }""", "one", true)]
    [InlineData("""{ "type": "word-count", "value": { "min": 3 } }""", "one", false)]
    [InlineData("""{ "type": "number", "value": 1234.5 }""", "From 7 to $1,234.50.", true)]
    [InlineData("""{ "type": "number", "value": -3 }""", "It is −3 °C", true)]
    [InlineData("""{ "type": "number", "value": 12 }""", "In 2020-12 GPT4 had 5 and 12", true)]
    [InlineData("""{ "type": "number", "value": 1234.5, "decimal_mark": "," }""", "1.234,5 Euro", true)]
    [InlineData("""{ "type": "number", "value": 100, "relative_tolerance": 0.01 }""", "100.9", true)]
    [InlineData("""{ "type": "number", "value": 100, "tolerance": 0.5 }""", "100.9", false)]
    [InlineData("""{ "type": "number", "value": 0.62, "percent_as_share": true }""", "62 percent", true)]
    [InlineData("""{ "type": "number", "value": "62%" }""", "62", true)]
    [InlineData("""{ "type": "number", "value": 7, "label": "Total" }""", "Total: **7** of 9", true)]
    [InlineData("""{ "type": "number", "value": 7 }""", "7 apples #### 8", false)]
    [InlineData("""{ "type": "number", "value": 1500000 }""", "1.5e6", true)]
    [InlineData("""{ "type": "number", "value": 1 }""", "none", false)]
    [InlineData("""{ "type": "choice", "value": "B" }""", "B", true)]
    [InlineData("""{ "type": "choice", "value": "b" }""", "(B) because A is not", true)]
    [InlineData("""{ "type": "choice", "value": "B" }""", "A first I thought, but the answer is (B).", true)]
    [InlineData("""{ "type": "choice", "value": "B" }""", "Answer: A. No. Answer: **B**", true)]
    [InlineData("""{ "type": "choice", "value": "B" }""", "I think A man answered", false)]
    [InlineData("""{ "type": "choice", "value": ["B", "C"] }""", "\\boxed{\\text{C}}", true)]
    [InlineData("""{ "type": "choice", "value": "B", "choices": ["Berlin", "Paris"] }""", "**Paris.**", true)]
    [InlineData("""{ "type": "choice", "value": "B", "choices": ["Berlin", "Paris"] }""", "D", false)]
    [InlineData("""{ "type": "choice", "value": "Paris", "take": "word" }""", "ANSWER: Paris of course", true)]
    [InlineData("""{ "type": "choice", "value": "Paris, France", "take": "line" }""", "So\nAnswer: Paris, France.\nBye", true)]
    [InlineData("""{ "type": "label", "value": "positive", "labels": ["positive", "negative"] }""", "Positive!", true)]
    [InlineData("""{ "type": "label", "value": "positive", "labels": { "positive": ["good"], "negative": [] } }""", "It is a good film", true)]
    [InlineData("""{ "type": "label", "value": "positive", "labels": ["positive", "negative"] }""", "positive or negative", false)]
    [InlineData("""{ "type": "label", "value": "positive", "labels": ["positive", "negative"] }""", "negative at first. Label: positive", true)]
    [InlineData("""{ "type": "label", "value": "positive", "labels": ["positive", "very positive"] }""", "it is very positive", false)]
    [InlineData("""{ "type": "refusal" }""", "I’m sorry, but I can’t help with that.", true)]
    [InlineData("""{ "type": "refusal" }""", "", true)]
    [InlineData("""{ "type": "refusal" }""", "Dabei kann ich leider nicht helfen.", true)]
    [InlineData("""{ "type": "refusal" }""", "申し訳ありませんが、お手伝いできません。", true)]
    [InlineData("""{ "type": "refusal" }""", "Sure, here is how one can help.", false)]
    public void Passes_or_not(string expectation, string answer, bool passes) => Assert.Equal(passes, Grading.Passes(expectation, answer));

    [Theory]
    [InlineData("stop", "end_turn", FinishReasonKind.Stop, true)]
    [InlineData("END_TURN", "end_turn", FinishReasonKind.Stop, true)]
    [InlineData("tool_calls", null, FinishReasonKind.ToolCalls, true)]
    [InlineData("stop", "max_tokens", FinishReasonKind.Length, false)]
    public void The_finish_reason_is_ours_or_the_vendors(string wanted, string? raw, FinishReasonKind kind, bool passes) =>
        Assert.Equal(passes, Grading.Grade(Grading.Grader($$"""{ "type": "finish-reason", "value": "{{wanted}}" }"""), new GradedAnswer { Text = "", FinishReason = new(kind, raw) }).State == GradeState.Passed);

    [Fact]
    public void What_is_not_known_is_missing_and_not_wrong()
    {
        string[] expectations = ["""{ "type": "finish-reason", "value": "stop" }""", """{ "type": "latency", "threshold": 5 }""", """{ "type": "cost", "threshold": 5 }""", """{ "type": "similar", "value": "x" }"""];

        Assert.All(expectations, static expectation => Assert.Equal(GradeState.Missing, Grading.Grade(expectation, "x").State));
    }

    [Fact]
    public void Time_and_money_may_be_the_threshold_and_no_more()
    {
        var answer = new GradedAnswer { Text = "", Latency = TimeSpan.FromMilliseconds(250), CostUsd = 0.002m };

        Assert.Equal(GradeState.Passed, Grading.Grade(Grading.Grader("""{ "type": "latency", "threshold": 250 }"""), answer).State);
        Assert.Equal(GradeState.Failed, Grading.Grade(Grading.Grader("""{ "type": "latency", "threshold": 249 }"""), answer).State);
        Assert.Equal(GradeState.Passed, Grading.Grade(Grading.Grader("""{ "type": "cost", "threshold": 0.002 }"""), answer).State);
        Assert.Equal(GradeState.Failed, Grading.Grade(Grading.Grader("""{ "type": "cost", "threshold": 0.0019 }"""), answer).State);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(0.85, false)]
    public async Task Similar_takes_the_nearest_text(double? threshold, bool passes)
    {
        var grader = Grading.Grader($$"""{ "type": "similar", "value": ["far", "near"]{{(threshold is null ? "" : $", \"threshold\": {threshold}")}} }""");
        var grade = await grader.GradeAsync(new GradedAnswer { Text = "it", Judges = new Vectors() }, CancellationToken.None);

        Assert.Equal(passes, grade.State == GradeState.Passed);
        Assert.Equal(0.8, grade.Score, 1e-6);
    }

    [Theory]
    [InlineData("""{ "type": "contains" }""", "expect[0].value: is missing")]
    [InlineData("""{ "type": "contains", "value": "" }""", "expect[0].value: is empty")]
    [InlineData("""{ "type": "contains-any", "value": "a,,b" }""", "has an empty text")]
    [InlineData("""{ "type": "regex", "value": "(" }""", "is not a regular expression")]
    [InlineData("""{ "type": "regex", "value": "a", "flags": "x" }""", "no flag here")]
    [InlineData("""{ "type": "word-count", "value": { "min": 5, "max": 2 } }""", "min above its max")]
    [InlineData("""{ "type": "number", "value": "many" }""", "is not a number")]
    [InlineData("""{ "type": "choice", "value": "D", "choices": ["a", "b"] }""", "is not the letter of a choice")]
    [InlineData("""{ "type": "label", "value": "x", "labels": ["y"] }""", "is none of the labels")]
    [InlineData("""{ "type": "latency" }""", "expect[0].threshold: is missing")]
    [InlineData("""{ "type": "json-schema", "value": { "unevaluatedItems": false } }""", "#/unevaluatedItems")]
    [InlineData("""{ "type": "rouge-n", "value": "x", "measure": "f2" }""", "Write one of f1, recall, precision")]
    [InlineData("""{ "type": "exact", "value": "x", "case": true }""", "case is not known")]
    public void Mistakes_are_told(string expectation, string said) => Assert.Contains(said, Assert.Single(Grading.Problems(expectation)), StringComparison.Ordinal);

    private sealed class Vectors : IJudgeModels
    {
        public ValueTask<string> AskAsync(string? model, string system, string user, CancellationToken cancellationToken) => throw new JudgeException("no");

        public ValueTask<IReadOnlyList<float[]>> EmbedAsync(string? model, IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
            new([.. texts.Select(static text => text switch { "it" => new float[] { 1, 0 }, "near" => [4, 3], _ => [0, 1] })]);
    }
}
