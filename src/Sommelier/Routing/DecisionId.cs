using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>The name of a decision: a hash of everything that it depends on, and of what the request says.</summary>
internal static class DecisionId
{
    public static string Of(RouteQuery query, ReadOnlySpan<Candidate> candidates)
    {
        var hash = new StableHash();
        hash.Add(query.Model.AsSpan());
        hash.Add(query.Catalog.Version.AsSpan());
        hash.Add(query.Policy.Version.AsSpan());
        hash.Add(query.Seed);
        hash.Add(query.At);
        hash.Add(query.Prior is not null);
        if (query.Prior is { } prior)
        {
            hash.Add(prior.DeploymentId.AsSpan());
            hash.Add(prior.At);
            hash.Add((long)prior.CachedTokens);
        }

        if (query.KeyModels.Count > 0)
        {
            hash.Add(query.KeyModels);
        }

        if (!ReferenceEquals(query.Choice, PolicyChoice.None))
        {
            hash.Add(query.Choice.Rule.AsSpan());
            hash.Add(query.Choice.Arm.AsSpan());
            hash.Add(query.Choice.Share);
            if (query.Choice.Canary is { } canary)
            {
                hash.Add(canary.To.AsSpan());
                hash.Add(canary.Version.AsSpan());
                hash.Add((long)canary.Arm);
                hash.Add(canary.Share);
                hash.Add(canary.RolledBackAt);
            }
        }

        Add(ref hash, query.Signals);
        Add(ref hash, query.Hints);
        foreach (ref readonly var candidate in candidates)
        {
            if (!ReferenceEquals(candidate.State, DeploymentState.Unknown))
            {
                hash.Add((long)candidate.Index);
                Add(ref hash, candidate.State);
            }
        }

        return hash.ToString();
    }

    private static void Add(ref StableHash hash, RequestSignals s)
    {
        hash.Add(s.ContentHash);
        hash.Add(s.ConversationKey);
        hash.Add((long)s.Intent | ((long)s.Group << 8) | ((long)s.Script << 16) | ((long)s.Media << 24) | ((long)s.ResponseFormat << 32) | ((long)s.Operation << 40));
        hash.Add(s.Confidence);
        hash.Add(s.GroupConfidence);
        hash.Add(s.Difficulty);
        hash.Add((s.Abstained ? 1L : 0) | (s.Stream ? 2L : 0) | (s.ToolsUsed ? 4L : 0) | (s.ToolLoop ? 8L : 0) | (s.Prefill ? 16L : 0));
        hash.Add((long)s.InputTokens);
        hash.Add((long)s.MediaTokens);
        hash.Add((long)s.ExpectedOutputTokens);
        hash.Add((long)s.ExpectedReasoningTokens);
        hash.Add((long?)s.MaxOutputTokens);
        hash.Add((long)s.Choices);
        hash.Add((long)s.ToolCount);
        hash.Add((long?)s.ToolChoice);
        hash.Add((long?)s.ReasoningEffort);
        hash.Add((long)s.MessageCount);
        hash.Add((long)s.CacheableTokens);
        if (s.Repeated || s.Stalled > 0)
        {
            hash.Add(((long)s.Stalled << 1) | (s.Repeated ? 1L : 0));
        }

        if (s.ServiceTier is not null || s.InferenceGeo is not null)
        {
            hash.Add(s.ServiceTier.AsSpan());
            hash.Add(s.InferenceGeo.AsSpan());
        }

        for (var i = 0; i < s.Distribution.Count; i++)
        {
            hash.Add((double)s.Distribution[i]);
        }
    }

    private static void Add(ref StableHash hash, Canonical.CallerHints h)
    {
        hash.Add(h.Policy.AsSpan());
        hash.Add(h.Session.AsSpan());
        hash.Add(h.MaxCostUsd);
        hash.Add((long?)h.MaxLatencyMs);
        hash.Add(h.MinQuality);
        hash.Add((long?)h.Data);
        hash.Add(h.Regions);
        hash.Add(h.Only);
        hash.Add(h.Exclude);
        hash.Add(h.Tags);
        hash.Add(h.Strict is { } strict ? (strict ? 1L : 0L) : null);
        hash.Add(h.Fallback is { } fallback ? (fallback ? 1L : 0L) : null);
        hash.Add((long?)h.OnBreak);
    }

    private static void Add(ref StableHash hash, DeploymentState s)
    {
        hash.Add(s.P50TimeToFirstChunkMs);
        hash.Add(s.P95TimeToFirstChunkMs);
        hash.Add(s.TokensPerSecond);
        hash.Add(s.ErrorRate);
        hash.Add(s.Requests);
        hash.Add(s.CircuitOpenUntil);
        hash.Add(s.CooldownUntil);
        hash.Add(s.RateLimitRemainingRequests);
        hash.Add(s.RateLimitRemainingTokens);
        if (s.MeasuredAt is not null)
        {
            hash.Add(s.MeasuredAt);
        }

        if (s.Running is { } running)
        {
            hash.Add((long)running);
        }
    }
}
