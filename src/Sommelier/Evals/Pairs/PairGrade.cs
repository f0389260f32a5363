namespace Sommelier.Evals.Pairs;

/// <summary>Which of two answers is better.</summary>
/// <param name="Winner">Who won.</param>
/// <param name="Judgements">How many judges gave a verdict in both orders.</param>
/// <param name="Flips">How many of them gave another verdict when the order was the other: they followed the place, not the answer.</param>
/// <param name="Reason">Why, in a judge's words; why it is missing.</param>
public sealed record PairGrade(PairWinner Winner, int Judgements, int Flips, string Reason)
{
    /// <summary>It could not be judged. Missing, not a tie.</summary>
    public static PairGrade Missing(string reason) => new(PairWinner.Missing, 0, 0, reason);

    /// <summary>The same with the answers in the other order.</summary>
    public PairGrade Swapped() => this with { Winner = Winner switch { PairWinner.First => PairWinner.Second, PairWinner.Second => PairWinner.First, _ => Winner } };

    /// <summary>1 where the first answer won, 0 where the second did, 0.5 for a tie, as rankings want it; NaN when it is missing.</summary>
    public double Outcome => Winner switch { PairWinner.First => 1, PairWinner.Second => 0, PairWinner.Tie => 0.5, _ => double.NaN };
}

/// <summary>The better one of two.</summary>
public enum PairWinner
{
    /// <summary>The first answer.</summary>
    First,

    /// <summary>The second answer.</summary>
    Second,

    /// <summary>Neither.</summary>
    Tie,

    /// <summary>Not judged; it counts for nobody.</summary>
    Missing,
}
