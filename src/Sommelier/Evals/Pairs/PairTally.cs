namespace Sommelier.Evals.Pairs;

/// <summary>What a set of comparisons came to, of one pair of models or of all.</summary>
/// <param name="First">Won by the first.</param>
/// <param name="Second">Won by the second.</param>
/// <param name="Ties">Won by neither.</param>
/// <param name="Missing">Not judged.</param>
/// <param name="Judgements">Verdicts in both orders.</param>
/// <param name="Flips">Those of them that changed with the order.</param>
internal sealed record PairTally(int First, int Second, int Ties, int Missing, int Judgements, int Flips)
{
    /// <summary>The share of judgements that changed with the order of the answers; NaN when there are none. Above about a fifth the judge is no good for this suite.</summary>
    public double FlipRate => Judgements == 0 ? double.NaN : (double)Flips / Judgements;

    /// <summary>Counts.</summary>
    public static PairTally Of(IEnumerable<PairGrade> grades) => grades.Aggregate(new PairTally(0, 0, 0, 0, 0, 0), static (tally, grade) => new(
        tally.First + (grade.Winner == PairWinner.First ? 1 : 0),
        tally.Second + (grade.Winner == PairWinner.Second ? 1 : 0),
        tally.Ties + (grade.Winner == PairWinner.Tie ? 1 : 0),
        tally.Missing + (grade.Winner == PairWinner.Missing ? 1 : 0),
        tally.Judgements + grade.Judgements,
        tally.Flips + grade.Flips));
}
