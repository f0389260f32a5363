namespace Sommelier.Routing;

/// <summary>Puts the groups that a policy names before all other candidates; the strategy orders each of them.</summary>
internal static class GroupOrder
{
    // Wider than the tiers of an explicit order, and all groups together narrower than those of models named outright.
    private const int Tiers = 2_000_000;

    private const string OnPrem = "on-prem";

    /// <summary>The place of a candidate by its strategy, moved behind those of earlier groups.</summary>
    public static RankKey Behind(RouteContext context, in Candidate candidate, RankKey key) =>
        key with { Tier = key.Tier + (Tiers * Of(context, in candidate)) };

    /// <summary>Which of the policy's groups a candidate belongs to, by its position; their number when to none.</summary>
    public static int Of(RouteContext context, in Candidate candidate)
    {
        var groups = context.Policy.First;
        var position = 0;
        while (position < groups.Count && !Holds(context, in candidate, groups[position]))
        {
            position++;
        }

        return position;
    }

    private static bool Holds(RouteContext context, in Candidate candidate, CandidateGroup group) => group switch
    {
        CandidateGroup.Local => string.Equals(candidate.Deployment.Region, OnPrem, StringComparison.OrdinalIgnoreCase),
        CandidateGroup.Free => candidate.CostUsd <= 0,
        _ => double.IsFinite(candidate.CostUsd)
            && candidate.State.P50TimeToFirstChunkMs is not null
            && !context.Query.Catalog.QualityOf(candidate.Index, context.LikelyIntent).Inherited,
    };
}
