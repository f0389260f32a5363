using System.Globalization;
using System.Text.Json.Nodes;
using Sommelier.Evals.Graders;
using Sommelier.TestKit;

namespace Sommelier.Tests.Evals.Graders;

/// <summary>Reference answers and recorded answers of public benchmarks, graded as they were there.</summary>
public sealed class RecordedAnswersTests
{
    [Fact]
    public void Reference_answers_of_GSM8K_are_found_and_others_are_not()
    {
        foreach (var row in Grading.Lines("gsm8k", "test.jsonl"))
        {
            var answer = row["answer"]!.GetValue<string>();
            var result = answer[(answer.IndexOf("####", StringComparison.Ordinal) + 4)..].Trim();
            var wanted = double.Parse(result, NumberStyles.Number, CultureInfo.InvariantCulture);
            var work = answer[..answer.IndexOf("####", StringComparison.Ordinal)];
            string[] right = [answer, $"{work}So the answer is ${result}.", $"{work}\\boxed{{{wanted:N0}}} dollars", $"Answer: **{wanted.ToString(CultureInfo.InvariantCulture)}** apples."];
            string[] wrong = [answer.Replace("####", "#### 9", StringComparison.Ordinal).Replace("9 ", "9", StringComparison.Ordinal), $"{work}So the answer is {wanted + 1}.", "I do not know."];
            foreach (var kind in (string[])["number", "math"])
            {
                var grader = Grading.Grader(new JsonObject { ["type"] = kind, ["value"] = result });

                Assert.All(right, text => Assert.Equal(GradeState.Passed, Grading.Grade(grader, new GradedAnswer { Text = text }).State));
                Assert.All(wrong, text => Assert.Equal(GradeState.Failed, Grading.Grade(grader, new GradedAnswer { Text = text }).State));
            }
        }
    }

    // How each task's targets look: a letter in brackets, a number, a word, words in order.
    [Theory]
    [InlineData("date_understanding", "choice")]
    [InlineData("logical_deduction_three_objects", "choice")]
    [InlineData("tracking_shuffled_objects_three_objects", "choice")]
    [InlineData("multistep_arithmetic_two", "number")]
    [InlineData("object_counting", "number")]
    [InlineData("boolean_expressions", "label")]
    [InlineData("sports_understanding", "label")]
    [InlineData("word_sorting", "exact")]
    public void Targets_of_BBH_are_told_from_one_another(string task, string kind)
    {
        var document = JsonNode.Parse(File.ReadAllText(Shared.Path("data", "evals", "bbh", $"{task}.json")))!;
        var targets = document["examples"]!.AsArray().Select(static example => example!["target"]!.GetValue<string>()).ToList();
        var labels = targets.Distinct(StringComparer.Ordinal).ToArray();
        foreach (var target in targets)
        {
            var plain = kind == "choice" ? target.Trim('(', ')') : target;
            var expectation = new JsonObject { ["type"] = kind, ["value"] = plain };
            if (kind == "label")
            {
                expectation["labels"] = new JsonArray([.. labels.Select(static label => (JsonNode)label)]);
            }

            var grader = Grading.Grader(expectation);
            var other = labels.First(label => label != target);

            Assert.Equal(GradeState.Passed, Grade(target));
            Assert.Equal(GradeState.Failed, Grade(other));
            if (kind != "exact")
            {
                Assert.Equal(GradeState.Passed, Grade($"Let's think step by step. A first look says less.\nSo the answer is {target}."));
                Assert.Equal(GradeState.Failed, Grade($"Let's think step by step. A first look says less.\nSo the answer is {other}."));
            }

            GradeState Grade(string text) => Grading.Grade(grader, new GradedAnswer { Text = text }).State;
        }
    }

    // Recorded as wrong there, and right all the same: thousands parted by a comma (FinQA_56), a percent sign before or after the box
    // (FinQA_60), a unit (GSM8K_174, FinQA_172) or \text (AsDiv_1165) in it, the choice's text after its letter (MMLU_formal_logic_116,
    // OpenTDB_…_3779), a bold letter without a box where an "A" stands later (MMLUPro_business_784).
    [Theory]
    [InlineData("claude-3-haiku-20240307", "FinQA_56 FinQA_60 FinQA_172 GSM8K_174 MMLU_formal_logic_116 OpenTDB_Entertainment:_Board_Games_3779")]
    [InlineData("gemini-2.0-flash-001", "AsDiv_1165 FinQA_60 MMLUPro_business_784")]
    public void Answers_of_RouterArena_score_as_recorded(string model, string mistakes)
    {
        var known = mistakes.Split(' ').ToHashSet(StringComparer.Ordinal);
        var (agreed, all, differing) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal), new List<string>());
        foreach (var row in Grading.Lines("routerarena", $"{model}.jsonl"))
        {
            if (row["evaluation_result"] is not JsonObject result || row["generated_answer"]?.GetValue<string>() is not { } answer || Expectation(result["metric"]!.GetValue<string>(), result["ground_truth"]!.ToString()) is not { } expectation)
            {
                continue;
            }

            var metric = result["metric"]!.GetValue<string>();
            var grade = Grading.Grade(Grading.Grader(expectation), new GradedAnswer { Text = answer });
            var agrees = grade.State == GradeState.Passed == (result["score"]!.GetValue<double>() == 1);
            all[metric] = all.GetValueOrDefault(metric) + 1;
            agreed[metric] = agreed.GetValueOrDefault(metric) + (agrees ? 1 : 0);
            if (!agrees)
            {
                differing.Add(row["global_index"]!.GetValue<string>().Replace(' ', '_'));
            }
        }

        Assert.Equal([], differing.Except(known, StringComparer.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine($"{model}: {string.Join(", ", all.Select(pair => $"{pair.Key} {agreed[pair.Key]} of {pair.Value}"))}; differ: {string.Join(", ", differing)}");
    }

    private static JsonObject? Expectation(string metric, string truth) => metric switch
    {
        "mcq_accuracy" => new() { ["type"] = "choice", ["value"] = Letter(truth) },
        "math_metric" => new() { ["type"] = "math", ["value"] = truth, ["relative_tolerance"] = 1e-4 },
        "exact_match" => new() { ["type"] = "choice", ["take"] = "line", ["value"] = truth.Replace('_', ' ') },
        _ => null,
    };

    private static string Letter(string truth) => double.TryParse(truth, CultureInfo.InvariantCulture, out var index) ? ((char)('A' + (int)index)).ToString() : truth;
}
