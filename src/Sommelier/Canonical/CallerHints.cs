namespace Sommelier.Canonical;

/// <summary>How sensitive a request's data is; a deployment serves what it is cleared for.</summary>
public enum DataClass
{
    /// <summary>May go anywhere.</summary>
    Public,

    /// <summary>May go to providers that the configuration clears for it.</summary>
    Internal,

    /// <summary>Only to providers that the configuration clears for confidential data.</summary>
    Confidential,
}

/// <summary>
/// What the caller asks of Sommelier itself: the <c>sommelier</c> object in the body, or <c>x-sommelier-*</c> headers.
/// A null means that the caller did not say. A caller may only tighten what its key and policy allow.
/// </summary>
public sealed record CallerHints
{
    /// <summary>Nothing asked.</summary>
    public static CallerHints None { get; } = new();

    /// <summary>The policy's name.</summary>
    public string? Policy { get; init; }

    /// <summary>The most that this request may cost, in USD.</summary>
    public decimal? MaxCostUsd { get; init; }

    /// <summary>The most milliseconds to the first chunk.</summary>
    public int? MaxLatencyMs { get; init; }

    /// <summary>The least expected success rate, 0 to 1.</summary>
    public double? MinQuality { get; init; }

    /// <summary>How sensitive the data is.</summary>
    public DataClass? Data { get; init; }

    /// <summary>Regions that may serve it; empty for any.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Providers, models or deployments that alone may serve it; empty for any.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Providers, models or deployments that must not serve it.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>The conversation's id; null lets a hash of the prefix stand for it.</summary>
    public string? Session { get; init; }

    /// <summary>Free labels for the ledger.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether to refuse rather than lose a field.</summary>
    public bool? Strict { get; init; }

    /// <summary>Whether another model may answer when the named one fails.</summary>
    public bool? Fallback { get; init; }

    /// <summary>Whether a stored answer will do; null: as the policy says.</summary>
    public CacheHint? Cache { get; init; }

    /// <summary>What is to follow when the stream breaks; only what is as strict as the policy, or a restart that it allows.</summary>
    public OnBreak? OnBreak { get; init; }
}
