using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.Tests.RouterBenchmark;

public sealed class OutcomeReaderTests
{
    private const string Good = """{"id":"1","group":"a","prompt":"What is the tallest tree?","s":[1,0]}""";

    [Theory]
    [InlineData("""{"id":"1","s":[1]}""", "'s' must be an array with one score for each of the 2 models")]
    [InlineData("""{"id":"1"}""", "'s' is missing")]
    [InlineData("""{"s":[1,0]}""", "'id' is missing")]
    [InlineData("""{"id":"1","s":[1,7]}""", "outside 0 to 1")]
    [InlineData("""{"id":"1","s":[1,0],"c":[0.1,-1]}""", "cost under 0")]
    [InlineData("""{"id":"1","s":["x",0]}""", "'s[0]' is neither a number nor null")]
    [InlineData("not json", "no JSON")]
    [InlineData("[1]", "no JSON object")]
    public void Bad_rows_are_named_by_file_line_and_remedy(string row, string problem)
    {
        var file = Write("bad", """{"models":["a","b"]}""", Good, row, Good);

        var refusal = Assert.Throws<OutcomeException>(() => OutcomeReader.Read(file));

        Assert.StartsWith($"{file}:2: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_models_says_what_to_write()
    {
        var file = Write("alone", null, Good);

        Assert.Contains("alone.meta.json", Assert.Throws<OutcomeException>(() => OutcomeReader.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_with_few_scores_are_left_out_and_rows_without_one_too()
    {
        string[] rows = [.. Enumerable.Range(0, 200).Select(i => $$"""{"id":"{{i}}","prompt":"Question number {{i}} of all","s":[1,{{(i == 7 ? "null" : "0")}},{{(i < 50 ? "1" : "null")}}]}""")];

        var set = Assert.Single(OutcomeReader.Read(Write("few", """{"models":["a","b","c"]}""", rows)));

        Assert.Equal(["a", "b"], set.Models);
        Assert.Equal((199, 1, 1), (set.Rows.Count, set.RowsLeftOut, set.ModelsLeftOut));
    }

    [Theory]
    [InlineData("Question: Which is the largest ocean?\nA. One\nB. Two\nAnswer:", "which is the largest OCEAN")]
    [InlineData("Which is the smallest number?\nA) 1\nB) 2\nAnswer:\nA\n\nWhich is the largest ocean?\nA) Arctic\nB) Pacific\nAnswer:", "Which is the largest ocean?")]
    public void The_same_question_has_the_same_stem(string prompt, string other) =>
        Assert.Equal(QuestionStem.Of(prompt, "1"), QuestionStem.Of(other, "2"));

    [Fact]
    public void Copies_of_a_question_are_in_one_part_whatever_the_seed()
    {
        var row = new OutcomeRow("1", "Which is the largest ocean?", null, [], [1, 0], null);
        var copy = new OutcomeRow("2", "which is the LARGEST ocean", null, [], [0, 1], null);

        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(Folds.Of(row, 5, seed), Folds.Of(copy, 5, seed)));
        Assert.True(Enumerable.Range(0, 50).Select(seed => Folds.Of(row, 5, seed)).Distinct().Count() > 1);
    }

    private static string Write(string name, string? meta, params string[] rows)
    {
        var folder = Directory.CreateTempSubdirectory("outcomes-").FullName;
        if (meta is not null)
        {
            File.WriteAllText(Path.Combine(folder, name + ".meta.json"), meta);
        }

        var file = Path.Combine(folder, name + ".jsonl");
        File.WriteAllLines(file, rows);
        return file;
    }
}
