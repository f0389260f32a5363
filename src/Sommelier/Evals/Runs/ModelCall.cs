using Sommelier.Canonical;

namespace Sommelier.Evals.Runs;

/// <summary>How one call through the gateway ended.</summary>
internal sealed record ModelCall
{
    /// <summary>The answer; null when none came.</summary>
    public ChatResponse? Response { get; init; }

    /// <summary>Why none came; null when one did.</summary>
    public GatewayError? Error { get; init; }

    /// <summary>Whether the call reached the provider at all.</summary>
    public bool Sent { get; init; }

    /// <summary>What the provider said went wrong; null when nothing did.</summary>
    public UpstreamFailure? Failure { get; init; }

    /// <summary>What it cost, USD, as far as it is billed.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>How long the upstream call took.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Its tokens.</summary>
    public Usage? Usage { get; init; }
}

/// <summary>Why a model will not be asked again in this run.</summary>
internal sealed class CandidateUnusableException(string message) : Exception(message);
