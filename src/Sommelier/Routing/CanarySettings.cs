using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sommelier.Routing;

/// <summary>A candidate that serves a small share of a policy's conversations, and is taken back when it does worse than the policy itself.</summary>
public sealed record CanarySettings
{
    private static readonly ConditionalWeakTable<CanarySettings, string> Versions = [];

    /// <summary>What decision records call it: the policy or model that was written.</summary>
    public required string To { get; init; }

    /// <summary>Its share of conversations, above 0 to 0.5.</summary>
    public required double Share { get; init; }

    /// <summary>The whole policy that holds for them, under the name of the one that the canary belongs to.</summary>
    public required Policy Then { get; init; }

    /// <summary>So many of its requests are seen before latency and cost are judged; 50 by default.</summary>
    public int MinRequests { get; init; } = 50;

    /// <summary>By how much more of its requests may fail than of the policy's own, 0 to 1; 0.05 by default.</summary>
    public double MaxErrorIncrease { get; init; } = 0.05;

    /// <summary>How many times the policy's own its time to the first content may be; 1.5 by default.</summary>
    public double MaxLatencyRatio { get; init; } = 1.5;

    /// <summary>How many times the policy's own its cost may be; 2 by default.</summary>
    public double MaxCostRatio { get; init; } = 2;

    /// <summary>Hash of the content, what it leads to included: a canary that was changed is another one.</summary>
    public string Version => Versions.GetValue(this, static canary => PolicyBranchesJson.Hash(canary));
}

/// <summary>Names a canary: the policy that it belongs to, and its content.</summary>
/// <param name="Policy">The policy that callers name.</param>
/// <param name="Version">See <see cref="CanarySettings.Version"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CanaryKey(string Policy, string Version);

/// <summary>Which way a conversation went at a canary.</summary>
public enum CanaryArm
{
    /// <summary>It fell to the policy itself.</summary>
    Stable,

    /// <summary>It fell to the canary.</summary>
    Canary,

    /// <summary>It would have fallen to the canary, which was rolled back: the policy itself serves it.</summary>
    RolledBack,
}

/// <summary>How a conversation fell at a canary.</summary>
/// <param name="To">The canary's policy or model.</param>
/// <param name="Version">The canary's content.</param>
/// <param name="Arm">Which way it went.</param>
/// <param name="Share">The chance that it had to go there; 1 once the canary was rolled back.</param>
/// <param name="RolledBackAt">When the canary was rolled back; null while it runs.</param>
public sealed record CanaryChoice(string To, string Version, CanaryArm Arm, double Share, DateTimeOffset? RolledBackAt = null);
