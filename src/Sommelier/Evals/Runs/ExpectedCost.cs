namespace Sommelier.Evals.Runs;

/// <summary>What a call is expected to cost.</summary>
/// <param name="Usd">USD.</param>
/// <param name="Known">Whether that is from calls of its kind; a mere guess does not keep the last money from being spent.</param>
internal readonly record struct ExpectedCost(decimal Usd, bool Known);
