using Sommelier.Canonical;
using Sommelier.Evals.Text;
using Sommelier.TestKit;
using Sommelier.Training;

namespace Sommelier.Tests.Routing.Classification;

public sealed class OwnCorpusTests
{
    private static readonly string[] MainLanguages = ["en", "ko", "ja", "zh"];

    private const double TooAlike = 0.5;

    // Reading fails on a malformed line or an unknown label, and names it.
    private static readonly List<Row> Rows = OwnCorpus.ReadAll(Path.Combine(Approved.Root, "tools", "Sommelier.Training", "Corpus"));

    [Fact]
    public void No_prompt_is_nearly_another_in_training_or_set_aside()
    {
        var alike = NearDuplicates.Find([.. Rows.Select(row => string.Join(' ', [row.Text, .. row.Before]))], TooAlike);

        Assert.Equal([], alike.Select(pair => $"{Rows[pair.First].Group} and {Rows[pair.Second].Group}"));
    }

    [Fact]
    public void Prompts_that_differ_by_a_number_or_a_word_are_nearly_the_same()
    {
        string[] texts =
        [
            "Write a limerick about the goat that ate 3 parking tickets.",
            "How long does a loan of 9,000 at 4 % take at 200 a month?",
            "write a  limerick about the goat that ate 12 parking tickets!",
            "Which bus leaves the old harbour after ten?",
        ];

        var alike = NearDuplicates.Find(texts, TooAlike);

        Assert.Equal([(0, 2)], alike);
    }

    [Fact]
    public void Authors_stand_on_one_side_only()
    {
        var authors = Rows.Select(row => (Name: row.Source.Replace(".aside", "", StringComparison.Ordinal), row.Aside)).Distinct();

        Assert.Equal([], authors.GroupBy(author => author.Name, StringComparer.Ordinal).Where(author => author.Count() > 1).Select(author => author.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_four_main_languages_cover_every_intent(bool aside)
    {
        var covered = Rows.Where(row => row.Aside == aside).Select(row => (row.Language, row.Label)).ToHashSet();

        Assert.Equal([], MainLanguages.SelectMany(language => Enum.GetValues<Intent>().Select(intent => (language, intent))).Except(covered));
    }

    [Theory]
    [InlineData("""{"intent":"coding"}""", "text")]
    [InlineData("""{"intent":"coding","text":" "}""", "'text' is blank")]
    [InlineData("""{"intent":"cooking","text":"x"}""", "'cooking' is no intent")]
    [InlineData("""{"intent":"coding","text":"x","tool":["a"]}""", "tool")]
    [InlineData("""{"intent":"coding","text":"x","before":["one turn"]}""", "'before'")]
    [InlineData("""{"intent":"coding","text":"x","tools":[]}""", "'tools'")]
    [InlineData("""{"intent":"tool_use","text":"x","used":true}""", "'used' needs 'tools'")]
    [InlineData("""{"intent":"tool_use","text":"x","tools":["a"],"result":true}""", "'result' needs")]
    [InlineData("null", "null")]
    [InlineData("", "JSON")]
    public void A_malformed_line_is_named(string line, string fault)
    {
        var folder = Directory.CreateTempSubdirectory("corpus");
        try
        {
            File.WriteAllText(Path.Combine(folder.CreateSubdirectory("en").FullName, "author.jsonl"), "{\"intent\":\"coding\",\"text\":\"fine\"}\n" + line + "\n");

            var problem = Assert.Throws<InvalidDataException>(() => OwnCorpus.ReadAll(folder.FullName));

            Assert.Contains("author.jsonl:2: ", problem.Message, StringComparison.Ordinal);
            Assert.Contains(fault, problem.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Document_counts_what_there_is()
    {
        var languages = Rows.CountBy(row => row.Language).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key).ToList();
        var lines = Enum.GetValues<Intent>().Select(intent => Line(intent.Name(), languages, row => row.Label == intent));
        var text =
            $"""
            # The prompts written for this project

            Generated from `tools/Sommelier.Training/Corpus` by its test; `APPROVE=1 ./test` writes it anew. Each cell: prompts that train +
            prompts that are set aside, by author, style and topic, and only judge. How they are labelled: [labelling.md](labelling.md);
            what they are worth: [classifier.md](classifier.md).

            Of {Rows.Count} prompts, {Count(row => row.Before.Count > 0)} come with earlier turns, {Count(row => row.System.Length > 0)} with a system prompt, {Count(row => row.ToolsOffered)} with tools offered, {Count(row => row.IsToolResult)} end
            in a tool's result. Authors (sets): {Sets(aside: false)} train, {Sets(aside: true)} are set aside.

            | intent | all | {string.Join(" | ", languages)} |
            |---{string.Concat(Enumerable.Repeat("|---", languages.Count + 1))}|
            {string.Join('\n', lines)}
            {Line("all", languages, _ => true)}

            """;

        Approved.Equal(text.ReplaceLineEndings("\n"), "docs", "corpus.md");
    }

    private static string Line(string name, List<string> languages, Func<Row, bool> chosen)
    {
        var rows = Rows.Where(chosen).ToList();
        var cells = languages.Select(language => Cell([.. rows.Where(row => row.Language == language)]));
        return $"| {name} | {Cell(rows)} | {string.Join(" | ", cells)} |";
    }

    private static string Cell(List<Row> rows) => $"{rows.Count(row => !row.Aside)} + {rows.Count(row => row.Aside)}";

    private static int Count(Func<Row, bool> chosen) => Rows.Count(chosen);

    private static int Sets(bool aside) => Rows.Where(row => row.Aside == aside).Select(row => row.Source).Distinct(StringComparer.Ordinal).Count();
}
