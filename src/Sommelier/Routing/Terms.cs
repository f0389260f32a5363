using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>What a candidate is ranked by: quality, cost and latency for this request.</summary>
internal static class Terms
{
    // Where a deployment's speed is unknown but its first chunk is not: a middling speed, an assumption. Zero time for
    // the rest of the answer would make the unmeasured look fastest.
    private const double AssumedTokensPerSecond = 50;

    public static void Compute(RouteContext context, ref Candidate candidate)
    {
        // Adding quantiles is exact when the errors go together, and they mostly do: one model's estimates share its mean.
        // Where they do not, the true bound is higher, so this errs on the careful side.
        candidate.QualityMean = context.Figures.Mean(candidate.Index, context.Mixture);
        candidate.QualityLow = context.Figures.Low(candidate.Index, context.Mixture);
        candidate.CostUsd = Cost(context, candidate.Index, candidate.Deployment);
        candidate.LatencyMs = Latency(context.Signals, candidate.Deployment, candidate.State, context.Query.At);
    }

    /// <summary>Expected cost in USD, in the service tier and the place that are asked for; infinite when the price is unknown. Searches of the web are not expected.</summary>
    internal static double Cost(RouteContext context, int index, Deployment deployment)
    {
        if (deployment.Price is not { } price)
        {
            return double.PositiveInfinity;
        }

        var signals = context.Signals;
        var output = Output(signals, deployment);
        var reasoning = output - signals.ExpectedOutputTokens;
        var cached = Cached(context, deployment);
        ref readonly var plain = ref context.Figures.PriceOf(index);
        if (cached > 0 || signals.InputTokens > plain.UpToInputTokens || signals is not { ServiceTier: null, InferenceGeo: null })
        {
            var usage = new Usage
            {
                InputTokens = signals.InputTokens,
                CacheReadInputTokens = cached,
                OutputTokens = output,
                ReasoningOutputTokens = reasoning,
                ServiceTier = signals.ServiceTier,
                InferenceGeo = signals.InferenceGeo,

                // As in any estimate, a tier that is only asked for makes nothing cheaper.
                Estimated = true,
            };
            return (double)PriceCalculator.Cost(price, usage, context.Query.At);
        }

        return plain.Usd(signals.InputTokens, signals.ExpectedOutputTokens, reasoning);
    }

    /// <summary>Expected milliseconds until the answer is whole; infinite when the time to the first chunk is unknown.</summary>
    /// <remarks>What was measured long before <paramref name="at"/> fades to what is usual.</remarks>
    internal static double Latency(RequestSignals signals, Deployment deployment, DeploymentState state, DateTimeOffset at)
    {
        var output = Output(signals, deployment);
        var usual = Whole(deployment.TypicalTimeToFirstChunkMs, deployment.TypicalTokensPerSecond, output);
        var first = state.P50TimeToFirstChunkMs ?? deployment.TypicalTimeToFirstChunkMs;
        return Whole(first, state.TokensPerSecond ?? deployment.TypicalTokensPerSecond, output) is { } measured
            ? FadedMeasurement.Of(measured, usual, at - state.MeasuredAt)
            : double.PositiveInfinity;
    }

    private static double? Whole(double? firstChunkMs, double? tokensPerSecond, long output) =>
        firstChunkMs + (1_000 * output / Math.Max(0.1, tokensPerSecond ?? AssumedTokensPerSecond));

    private static long Output(RequestSignals signals, Deployment deployment) =>
        signals.ExpectedOutputTokens + (deployment.Can(Capabilities.Reasoning) ? signals.ExpectedReasoningTokens : 0L);

    // Only the deployment that served the conversation's last turn has its prefix, and only for a while.
    private static int Cached(RouteContext context, Deployment deployment) =>
        context.Query.Prior is { CachedTokens: > 0 } prior
        && string.Equals(prior.DeploymentId, deployment.Id, StringComparison.Ordinal)
        && context.Query.PriorAge <= context.Policy.Sticky.CacheFor
            ? Math.Min(prior.CachedTokens, context.Signals.CacheableTokens)
            : 0;
}
