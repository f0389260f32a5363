using System.Text.Json.Nodes;
using Sommelier.Evals.Text;
using Sommelier.TestKit;

namespace Sommelier.Tests.Evals.Graders;

/// <summary>METEOR and the stems that it rests on.</summary>
public sealed class MeteorTests
{
    // The words of Porter's paper, with the stems after its last step.
    private const string Paper =
        "caresses caress, ponies poni, ties ti, caress caress, cats cat, feed feed, agreed agre, plastered plaster, bled bled, motoring motor, sing sing, conflated conflat, troubled troubl, sized size, "
        + "hopping hop, tanned tan, falling fall, hissing hiss, fizzed fizz, failing fail, filing file, happy happi, sky sky, relational relat, conditional condit, rational ration, valenci valenc, hesitanci hesit, "
        + "digitizer digit, conformabli conform, radicalli radic, differentli differ, vileli vile, analogousli analog, vietnamization vietnam, predication predic, operator oper, feudalism feudal, decisiveness decis, "
        + "hopefulness hope, callousness callous, formaliti formal, sensitiviti sensit, sensibiliti sensibl, triplicate triplic, formative form, formalize formal, electriciti electr, electrical electr, hopeful hope, "
        + "goodness good, revival reviv, allowance allow, inference infer, airliner airlin, gyroscopic gyroscop, adjustable adjust, defensible defens, irritant irrit, replacement replac, adjustment adjust, dependent depend, "
        + "adoption adopt, homologou homolog, communism commun, activate activ, angulariti angular, homologous homolog, effective effect, bowdlerize bowdler, probate probat, rate rate, cease ceas, controll control, roll roll, "
        + "generalizations gener, oscillators oscil";

    [Fact]
    public void Stems_are_those_of_Porters_paper() =>
        Assert.Equal(Paper, string.Join(", ", Paper.Split(", ").Select(static pair => pair.Split(' ')[0]).Select(static word => $"{word} {PorterStemmer.Stem(word)}")));

    // meteor.json: promptfoo 0.123.1's own function, with a dictionary of synonyms in which no word is found.
    [Fact]
    public void Scores_are_those_of_promptfoo_without_synonyms()
    {
        var rows = JsonNode.Parse(Approved.Read("tests", "Sommelier.Tests", "Evals", "Graders", "Reference", "meteor.json"))!.AsArray();
        Assert.True(rows.Count > 12, $"{rows.Count}");
        foreach (var row in rows)
        {
            var answer = row!["answer"]!.GetValue<string>();
            string[] references = [.. row["references"]!.AsArray().Select(static text => text!.GetValue<string>())];

            Assert.Equal(row["meteor"]!.GetValue<double>(), Meteor.Score(answer, references), 1e-9);
            Assert.Equal(row["other"]!.GetValue<double>(), Meteor.Score(answer, references, 0.5, 2, 0.3), 1e-9);
        }
    }

    // By hand: "the dog runs" and "a dog ran runs": dog and runs match, in two runs; P 2/3, R 2/4, F = (1/3) / (0.9 2/3 + 0.1 1/2) = 20/39, times 1 - 0.5.
    [Theory]
    [InlineData("the dog runs", "a dog ran runs", 10.0 / 39)]
    [InlineData("cat", "cat", 0.5)]
    [InlineData("running cats", "cat runs", 0.5)]
    [InlineData("", "cat", 0)]
    [InlineData("dog", "cat", 0)]
    public void A_score_is_what_it_comes_to_by_hand(string answer, string reference, double score) => Assert.Equal(score, Meteor.Score(answer, [reference]), 1e-12);
}
