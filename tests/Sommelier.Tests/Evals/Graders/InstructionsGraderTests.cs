using System.Text.Json.Nodes;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Instructions;

namespace Sommelier.Tests.Evals.Graders;

/// <summary>IFEval's instructions, each alone and on the recorded answers of GPT-4.</summary>
public sealed class InstructionsGraderTests
{
    // Answers of a few words in English capitals or small letters that the original's langdetect takes for Spanish, German, Welsh,
    // Tagalog and German ("coastal elegance properties", "etchings", "YES", "A", a list of names): there they do not follow, here they do.
    private static readonly HashSet<int> TakenForAnotherLanguage = [1843, 202, 2341, 2571, 3456];

    // Table 3 of Zhou et al. (2023), arXiv 2311.07911, for these very answers: 76.89 % of 541 prompts and 83.57 % of 834 instructions
    // strictly, 79.30 % and 85.37 % loosely.
    [Theory]
    [InlineData("strict", 416, 697, 1, 1)]
    [InlineData("loose", 429, 712, 2, 3)]
    public void Recorded_answers_of_GPT4_score_as_published(string mode, int prompts, int instructions, int promptsOff, int instructionsOff)
    {
        var (followed, shares) = (0, 0.0);
        foreach (var (row, answer) in Recorded())
        {
            var ids = row["instruction_id_list"]!.AsArray();
            var grader = Grading.Grader(new JsonObject { ["type"] = "instructions", ["value"] = ids.DeepClone(), ["kwargs"] = row["kwargs"]!.DeepClone(), ["mode"] = mode });
            var grade = Grading.Grade(grader, new GradedAnswer { Text = answer });
            var differs = TakenForAnotherLanguage.Contains(row["key"]!.GetValue<int>());
            Assert.True(!differs || grade.State == GradeState.Passed);
            followed += grade.State == GradeState.Passed && !differs ? 1 : 0;
            shares += grade.Score * ids.Count - (differs ? 1 : 0);
        }

        Assert.InRange(followed, prompts - promptsOff, prompts + promptsOff);
        Assert.InRange((int)Math.Round(shares), instructions - instructionsOff, instructions + instructionsOff);
        TestContext.Current.TestOutputHelper?.WriteLine($"{mode}: {followed} prompts (published {prompts}), {shares:0} instructions (published {instructions})");
    }

    // Both files have the prompts in one order. One prompt was reworded after its answer was recorded (key 2785 asks for three
    // placeholders instead of one).
    private static IEnumerable<(JsonObject Row, string Answer)> Recorded() =>
        Grading.Lines("ifeval", "input_data.jsonl").Zip(Grading.Lines("ifeval", "input_response_data_gpt4_20231107_145030.jsonl"), static (row, answer) =>
        {
            Assert.True(row["key"]!.GetValue<int>() == 2785 || row["prompt"]!.GetValue<string>() == answer["prompt"]!.GetValue<string>());
            return (row, answer["response"]!.GetValue<string>());
        });

    [Fact]
    public void Every_instruction_of_the_data_set_is_known()
    {
        var ids = Grading.Lines("ifeval", "input_data.jsonl").SelectMany(static row => row["instruction_id_list"]!.AsArray()).Select(static id => id!.GetValue<string>()).Distinct();

        Assert.Equal(InstructionRegistry.All.Select(static kind => kind.Id).Order(), ids.Order());
    }

    [Theory]
    [InlineData("""{ "id": "keywords:existence", "keywords": ["cat", "dog"] }""", "A Catalogue of dogs", "a cat")]
    [InlineData("""{ "id": "keywords:frequency", "keyword": "ho", "frequency": 3, "relation": "at least" }""", "Ho ho ho", "ho ho")]
    [InlineData("""{ "id": "keywords:forbidden_words", "forbidden_words": ["cat"] }""", "a catalogue", "a CAT!")]
    [InlineData("""{ "id": "keywords:letter_frequency", "letter": "E", "let_frequency": 2, "let_relation": "less than" }""", "The", "eleven")]
    [InlineData("""{ "id": "language:response_language", "language": "de" }""", "Das ist nicht mehr der Weg, den ich mit dir gehen will.", "This is no longer the way that I will go with you.")]
    [InlineData("""{ "id": "length_constraints:number_sentences", "num_sentences": 2, "relation": "at least" }""", "Dr. J. Smith came. He left!", "Dr. J. Smith came at 3.5 p.m. today")]
    [InlineData("""{ "id": "length_constraints:number_paragraphs", "num_paragraphs": 2 }""", "one\n***\ntwo\n***\n", "one\n***\n***\ntwo")]
    [InlineData("""{ "id": "length_constraints:number_words", "num_words": 4, "relation": "less than" }""", "well-known fact", "a well-known fact")]
    [InlineData("""{ "id": "length_constraints:nth_paragraph_first_word", "num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Then" }""", "First.\n\n'Then, second.", "First.\nThen second.")]
    [InlineData("""{ "id": "detectable_content:number_placeholders", "num_placeholders": 2 }""", "[name], [address]", "[name] [add\nress]")]
    [InlineData("""{ "id": "detectable_content:postscript", "postscript_marker": "P.P.S" }""", "Bye\nP. P.S. more", "Bye\nP.S. more")]
    [InlineData("""{ "id": "detectable_format:number_bullet_lists", "num_bullets": 2 }""", "* one\n- two", "* one\n** two")]
    [InlineData("""{ "id": "detectable_format:constrained_response" }""", "So: My answer is no.", "No.")]
    [InlineData("""{ "id": "detectable_format:number_highlighted_sections", "num_highlights": 2 }""", "*a* and *b*", "*a* and * *")]
    [InlineData("""{ "id": "detectable_format:multiple_sections", "section_spliter": "Section", "num_sections": 2 }""", "Section 1\na\nSection 2\nb", "Section one\nSection 2")]
    [InlineData("""{ "id": "detectable_format:json_format" }""", "```json\n{\"a\": 1}\n```", "here: {}")]
    [InlineData("""{ "id": "detectable_format:title" }""", "<<Joy>>", "<< >>")]
    [InlineData("""{ "id": "combination:two_responses" }""", "one******two", "one******one")]
    [InlineData("""{ "id": "combination:repeat_prompt", "prompt_to_repeat": "Say hi" }""", "say hi. Hi!", "Hi! say hi")]
    [InlineData("""{ "id": "startend:end_checker", "end_phrase": "The end." }""", "\"So be it. the end.\"", "The end. Really")]
    [InlineData("""{ "id": "change_case:capital_word_frequency", "capital_frequency": 2, "capital_relation": "at least" }""", "NASA's I", "Nasa AND")]
    [InlineData("""{ "id": "change_case:english_capital" }""", "THIS IS THE WAY", "THIS IS the WAY")]
    [InlineData("""{ "id": "change_case:english_lowercase" }""", "this is the way", "das ist der weg und das ziel")]
    [InlineData("""{ "id": "punctuation:no_comma" }""", "one two", "one, two")]
    [InlineData("""{ "id": "startend:quotation" }""", " \"all of it\" ", "\"")]
    public void Each_tells_who_follows_it(string instruction, string follows, string breaks)
    {
        var expectation = $$"""{ "type": "instructions", "value": [{{instruction}}] }""";

        Assert.Equal([true, false], [Grading.Passes(expectation, follows), Grading.Passes(expectation, breaks)]);
        Assert.False(Grading.Passes(expectation, "  "));
    }

    [Fact]
    public void Loose_forgives_a_first_line_and_asterisks()
    {
        const string Instruction = """[{ "id": "startend:quotation" }]""";

        Assert.False(Grading.Passes($$"""{ "type": "instructions", "value": {{Instruction}} }""", "Sure:\n*\"Yes\"*"));
        Assert.True(Grading.Passes($$"""{ "type": "instructions", "value": {{Instruction}}, "mode": "loose" }""", "Sure:\n*\"Yes\"*"));
    }

    [Fact]
    public void The_score_is_the_share_that_is_followed() =>
        Assert.Equal(0.5, Grading.Grade("""{ "type": "instructions", "value": ["punctuation:no_comma", "startend:quotation"], "kwargs": [{}, {}] }""", "no comma").Score);

    [Theory]
    [InlineData("""{ "type": "instructions", "value": ["no:such"] }""", "no instruction")]
    [InlineData("""{ "type": "instructions", "value": [{ "id": "keywords:existence" }] }""", "expect[0].value[0].keywords: is not a list of texts")]
    [InlineData("""{ "type": "instructions", "value": [{ "id": "punctuation:no_comma", "count": 3 }] }""", "is no argument of punctuation:no_comma")]
    [InlineData("""{ "type": "instructions", "value": [{ "id": "length_constraints:number_words", "num_words": 3, "relation": "at most" }] }""", "is not a relation")]
    public void Mistakes_are_told(string expectation, string said) => Assert.Contains(said, Assert.Single(Grading.Problems(expectation)), StringComparison.Ordinal);
}
