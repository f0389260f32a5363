namespace Sommelier.Routing;

/// <summary>Moves a request up whose asker, or whose tool loop, got nowhere with the last answer: away from the model that gave it, to a better one.</summary>
/// <remarks>
/// The last model is left out, at whatever provider, unless nothing else may serve. The lower bound of quality that is asked
/// for lies half the way from the last model's to the best one's, so that every further time leads nearer to the best;
/// where nobody knows who answered last, within a point of the best. What lies below it comes after what does not, as fallback:
/// a request is never refused for it. What a policy lists by name is in the policy's order, whatever its quality.
/// </remarks>
internal sealed class Escalation : IDropReason
{
    // Wider than the tiers of a strategy, narrower than those of groups.
    private const int Tier = 500_000;

    private const double NearTheBest = 0.01;

    private readonly double floor;

    private Escalation(double floor) => this.floor = floor;

    /// <inheritdoc/>
    public string Name => "escalation";

    /// <summary>Leaves out the last model; null where the request is not to be moved up, or cannot be.</summary>
    /// <param name="context">The request.</param>
    /// <param name="kept">Who passed every constraint; becomes those who are left.</param>
    /// <param name="dropped">Takes the others.</param>
    public static Escalation? Apply(RouteContext context, ref Span<Candidate> kept, List<DroppedCandidate> dropped)
    {
        if (!context.Escalates || kept.Length < 2)
        {
            return null;
        }

        var catalog = context.Query.Catalog;
        var last = context.Query.Prior is { } prior ? catalog.IndexOf(prior.DeploymentId) : -1;
        if (last < 0)
        {
            return new(Best(kept) - NearTheBest);
        }

        var model = catalog.Deployments[last].CanonicalModel;
        var others = 0;
        foreach (ref readonly var candidate in kept)
        {
            others += IsOf(model, in candidate) ? 0 : 1;
        }

        if (others == 0)
        {
            return null;
        }

        var low = context.Figures.Low(last, context.Mixture);
        var escalation = new Escalation((low + Math.Max(low, Best(kept))) / 2);
        var left = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            if (IsOf(model, in kept[i]))
            {
                dropped.Add(new(context, escalation, in kept[i]));
            }
            else
            {
                kept[left++] = kept[i];
            }
        }

        kept = kept[..left];
        return escalation;
    }

    /// <summary>The place of a candidate by its strategy, moved back where its quality is not what is asked for now.</summary>
    public RankKey Behind(RouteContext context, in Candidate candidate, RankKey key) =>
        candidate.QualityLow >= floor || context.Order.Contains(candidate.Deployment) ? key : key with { Tier = key.Tier + Tier };

    /// <inheritdoc/>
    public string Explain(RouteContext context, in Candidate candidate) => context.Signals.Repeated
        ? "the last answer was its, and the asker asks again"
        : $"the last answer was its, and the same tool was called with the same arguments {context.Signals.Stalled} times";

    private static bool IsOf(string model, in Candidate candidate) => string.Equals(candidate.Deployment.CanonicalModel, model, StringComparison.Ordinal);

    private static double Best(ReadOnlySpan<Candidate> candidates)
    {
        var best = 0.0;
        foreach (ref readonly var candidate in candidates)
        {
            best = Math.Max(best, candidate.QualityLow);
        }

        return best;
    }
}
