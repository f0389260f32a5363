using System.Globalization;

namespace Sommelier.Routing.Constraints;

/// <summary>The time to the first chunk must be within the budget: the live 95th percentile, else the usual time. Unknown passes.</summary>
internal sealed class LatencyBudgetConstraint : IConstraint
{
    public string Name => "latency_budget";

    public bool Allows(RouteContext context, in Candidate candidate) => !(FirstChunk(in candidate) > context.MaxLatencyMs);

    public string Explain(RouteContext context, in Candidate candidate)
    {
        var what = candidate.State.P95TimeToFirstChunkMs is null ? "its usual time" : "the 95th percentile";
        return string.Create(CultureInfo.InvariantCulture, $"{what} to the first chunk is {FirstChunk(in candidate):N0} ms, the budget {context.MaxLatencyMs:N0} ms");
    }

    private static double? FirstChunk(in Candidate candidate) =>
        candidate.State.P95TimeToFirstChunkMs ?? candidate.Deployment.TypicalTimeToFirstChunkMs;
}
