using System.Globalization;

namespace Sommelier.Routing.Constraints;

/// <summary>The time to the first chunk must be within the budget: the live 95th percentile, which fades while nobody measures it (<see cref="FadedMeasurement"/>), else the usual time. Unknown passes.</summary>
internal sealed class LatencyBudgetConstraint : IConstraint
{
    public string Name => "latency_budget";

    public bool MayObject(RouteContext context) => context.MaxLatencyMs is not null;

    public bool Allows(RouteContext context, in Candidate candidate) => !(FirstChunk(context, in candidate) > context.MaxLatencyMs);

    public string Explain(RouteContext context, in Candidate candidate)
    {
        var what = candidate.State.P95TimeToFirstChunkMs is null ? "its usual time" : "the 95th percentile";
        return string.Create(CultureInfo.InvariantCulture, $"{what} to the first chunk is {FirstChunk(context, in candidate):N0} ms, the budget {context.MaxLatencyMs:N0} ms");
    }

    private static double? FirstChunk(RouteContext context, in Candidate candidate) => candidate.State.P95TimeToFirstChunkMs is { } measured
        ? FadedMeasurement.Of(measured, candidate.Deployment.TypicalTimeToFirstChunkMs, context.Query.At - candidate.State.MeasuredAt)
        : candidate.Deployment.TypicalTimeToFirstChunkMs;
}
