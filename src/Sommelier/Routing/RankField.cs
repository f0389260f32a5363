namespace Sommelier.Routing;

/// <summary>What a strategy may look at beside the candidate: the request, and the best of those that it is among.</summary>
public sealed class RankField
{
    internal RankField(RouteContext context, ReadOnlySpan<Candidate> candidates)
    {
        Context = context;
        foreach (ref readonly var candidate in candidates)
        {
            BestLow = Math.Max(BestLow, candidate.QualityLow);
        }

        GoodEnoughLow = BestLow - context.Policy.Gap;
        foreach (ref readonly var candidate in candidates)
        {
            if (IsGoodEnough(in candidate))
            {
                GoodEnoughCount++;
                LeastUsd = Math.Min(LeastUsd, candidate.CostUsd);
            }
        }

        Usual = UsualChoice.Of(this, candidates);
    }

    /// <summary>The request and its limits.</summary>
    public RouteContext Context { get; }

    /// <summary>The highest lower bound of quality.</summary>
    public double BestLow { get; }

    /// <summary>The lower bound that is good enough under the policy's gap.</summary>
    public double GoodEnoughLow { get; }

    /// <summary>How many candidates reach it.</summary>
    public int GoodEnoughCount { get; }

    /// <summary>The least expected cost, USD, among those; infinite when no price is known.</summary>
    public double LeastUsd { get; } = double.PositiveInfinity;

    /// <summary>The index in the catalog of the policy's usual choice, where it stays; -1 where another does better for sure.</summary>
    internal int Usual { get; }

    /// <summary>Whether a candidate's quality is within the policy's gap of the best.</summary>
    public bool IsGoodEnough(in Candidate candidate) => candidate.QualityLow >= GoodEnoughLow;
}
