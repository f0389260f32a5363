using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Quality;

namespace Sommelier.Tests.Quality;

/// <summary>The formula of docs/quality.md, by values calculated by hand.</summary>
public sealed class PosteriorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.7, 40, 0, 0, 0.7)] // nothing seen elsewhere
    [InlineData(0.7, 40, 10, -2, 0.66)] // 10 answers' worth at 0.5 where 0.7 was expected: (40 x 0.7 + 5) / 50
    [InlineData(0.5, 2, 18, 9, 0.95)] // little known before: (2 x 0.5 + 18) / 20
    [InlineData(0.99, 2, 98, 50, 0.999)] // never certain
    public void Other_intents_move_the_center_shrunk_by_the_priors_mass(double prior, double mass, double others, double surplus, double expected) =>
        Assert.Equal(expected, Posterior.Center(prior, mass, others, surplus), 12);

    [Theory]
    [InlineData(10, 10, 5)]
    [InlineData(30, 10, 7.5)]
    [InlineData(1e12, 10, 10)]
    public void Any_amount_of_one_intent_tells_of_another_no_more_than_kappa_answers(double mass, double kappa, double worth) =>
        Assert.Equal(worth, Posterior.Elsewhere(mass, kappa), 6);

    [Theory]
    [InlineData(0.7, 10, 20, 18, false, 25, 5)] // kappa mu = 7 and 3
    [InlineData(0.7, 40, 20, 18, false, 32, 8)] // 20 of 40 are displaced: 14 and 6
    [InlineData(0.7, 40, 35, 35, false, 42, 3)] // 10 stay
    [InlineData(0.5, 2, 2, 2, false, 3, 1)] // a prior of 2 is no 10
    [InlineData(0.7, 40, 5, 5, true, 12, 3)] // the model changed: 10 stay at once
    [InlineData(0.7, 10, 390, 351, false, 179, 21)] // 358 and 42, both halved
    [InlineData(0.7, 40, 0, 0, false, 28, 12)]
    public void A_cell_is_the_prior_displaced_by_answers(double center, double priorMass, double mass, double score, bool changed, double alpha, double beta)
    {
        var (a, b) = Posterior.Cell(center, priorMass, mass, score, changed, kappa: 10, maxMass: 200);

        Assert.Equal(alpha, a, 10);
        Assert.Equal(beta, b, 10);
    }

    [Fact]
    public void A_good_answer_never_lowers_the_bound()
    {
        var prior = QualityEstimate.FromBeta(0.8, 40, "", false);
        var (alpha, beta) = Posterior.Cell(0.8, 40, 0.3, 0.3, false, 10, 200);

        Assert.True(QualityEstimate.FromBeta(alpha / (alpha + beta), alpha + beta, "", false).Low > prior.Low);
    }

    [Fact]
    public void A_row_holds_own_evidence_and_what_it_says_of_other_intents()
    {
        var prior = Enumerable.Repeat(QualityEstimate.FromBeta(0.5, 2, "nothing known", inherited: true), Intents.Count).ToArray();
        var cell = Cell(Intent.Coding, mass: 2, score: 2, answers: 2);

        var row = Posterior.Row("v1-00000000", prior, [cell], 10, 200);

        // Beta(3, 1): its distribution is x^3, so its 10 % quantile the cube root of 0.1.
        var coding = row[(int)Intent.Coding];
        Assert.Equal((0.75, 4), (coding.Mean, coding.Mass));
        Assert.Equal(Math.Cbrt(0.1), coding.Low, 9);
        Assert.False(coding.Inherited);
        Assert.Equal("v1-00000000: eval run r1 (suite) n=2; before: nothing known", coding.Evidence);

        // Two answers elsewhere are worth 10 x 2 / 12 here: 0.5 + 5/3 x 0.5 / (2 + 5/3) = 8/11, at the mass of before.
        var math = row[(int)Intent.Math];
        Assert.Equal(8.0 / 11, math.Mean, 12);
        Assert.Equal((2, true), (math.Mass, math.Inherited));
        Assert.Equal("v1-00000000: other intents n=2; before: nothing known", math.Evidence);
    }

    [Fact]
    public void An_intents_own_evidence_is_not_counted_twice()
    {
        var prior = Enumerable.Repeat(QualityEstimate.FromBeta(0.7, 10, "p", inherited: false), Intents.Count).ToArray();

        var row = Posterior.Row("v1-00000000", prior, [Cell(Intent.Coding, mass: 20, score: 10, answers: 20), Cell(Intent.Math, mass: 10, score: 7, answers: 10)], 10, 200);

        // Math met its prior, so coding's center stays at 0.7: (7 + 10) / 30. Coding moves math's: 0.7 - 20/3 x 0.2 / (10 + 20/3) = 0.62.
        Assert.Equal(17.0 / 30, row[(int)Intent.Coding].Mean, 12);
        Assert.Equal((6.2 + 7) / 20, row[(int)Intent.Math].Mean, 12);
    }

    private static EvidenceCell Cell(Intent intent, double mass, double score, long answers) => new()
    {
        Model = "m", Intent = intent, Mass = mass, Score = score, Answers = answers, Newest = Now, Sources = [new("eval run r1 (suite)", answers)],
    };
}
