using System.Runtime.InteropServices;
using Sommelier.Canonical;

namespace Sommelier.Telemetry;

/// <summary>What the meters take of a request that is over.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestMeasure
{
    public RequestMeasure()
    {
    }

    /// <summary>One of the operation names in <see cref="GenAi"/>. Default chat.</summary>
    public string Operation { get; init; } = GenAi.Chat;

    /// <summary>The caller's dialect.</summary>
    public required string Format { get; init; }

    /// <summary>How it ended, e.g. <c>succeeded</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The HTTP status that the caller got.</summary>
    public required int Status { get; init; }

    /// <summary>From the start to the last byte to the caller.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The gateway's own share of it.</summary>
    public TimeSpan Overhead { get; init; }

    /// <summary>Who answered: <c>provider/model</c>; null when nobody.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>The policy, or null. Only names of the configuration: a caller's free text would grow without bound.</summary>
    public string? Policy { get; init; }

    /// <summary>The most likely intent, or null.</summary>
    public Intent? Intent { get; init; }

    /// <summary>The reason token, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>What the caller was told instead of an answer, or null.</summary>
    public GatewayErrorKind? Error { get; init; }
}
