using Sommelier.Catalog;

namespace Sommelier.Routing.Prediction;

/// <summary>Ranks by predicted scores with the strategies that rank by the quality table: only where quality comes from differs.</summary>
internal sealed class PredictedRank
{
    private readonly RouteContext context;
    private readonly Deployment[] deployments;

    /// <param name="deployments">The candidates, in the order of every prediction.</param>
    /// <param name="policy">Its strategy and what it weighs.</param>
    public PredictedRank(IReadOnlyList<Deployment> deployments, Policy policy)
    {
        this.deployments = [.. deployments];
        context = new(
            new RouteQuery { Model = "auto", Signals = new(), Catalog = CatalogSnapshot.Create(deployments), Live = LiveState.Empty(DateTimeOffset.UnixEpoch), Policy = policy },
            named: false);
    }

    /// <summary>The index of the candidate that comes first.</summary>
    /// <param name="scores">Predicted score per candidate.</param>
    /// <param name="usd">Expected cost per candidate; infinite where no price is known.</param>
    public int First(ReadOnlySpan<double> scores, ReadOnlySpan<double> usd)
    {
        var candidates = new Candidate[deployments.Length];
        for (var k = 0; k < candidates.Length; k++)
        {
            candidates[k] = new()
            {
                Index = k,
                Deployment = deployments[k],
                State = DeploymentState.Unknown,
                QualityMean = scores[k],
                QualityLow = scores[k],
                CostUsd = usd[k],
                LatencyMs = double.PositiveInfinity,
            };
        }

        var field = new RankField(context, candidates);
        var first = new Place(context.Strategy.KeyOf(field, in candidates[0]), 0);
        for (var k = 1; k < candidates.Length; k++)
        {
            var place = new Place(context.Strategy.KeyOf(field, in candidates[k]), k);
            first = place < first ? place : first;
        }

        return first.Candidate;
    }
}
