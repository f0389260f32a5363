using Sommelier.Canonical;

namespace Sommelier.Catalog;

/// <summary>A model at a provider: what a request is routed to.</summary>
public sealed record Deployment
{
    /// <summary><c>provider/model</c>, e.g. <c>openrouter/anthropic/claude-opus-5-5</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The provider's name in the configuration, e.g. <c>openrouter</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The model id that is sent upstream, e.g. <c>anthropic/claude-opus-5-5</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The maker's own id, shared by all deployments of a model, e.g. <c>claude-opus-5-5</c>.</summary>
    public required string CanonicalModel { get; init; }

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The line of models it belongs to, e.g. <c>claude-opus</c>; empty when unknown.</summary>
    public string Family { get; init; } = "";

    /// <summary>Who made the model, e.g. <c>anthropic</c>; empty when unknown.</summary>
    public string Maker { get; init; } = "";

    /// <summary>What it is for.</summary>
    public ModelKind Kind { get; init; } = ModelKind.Chat;

    /// <summary>Why it serves only who names it; <see cref="NamedOnly.No"/> when it may be chosen.</summary>
    public NamedOnly NamedOnly { get; init; }

    /// <summary>The wire format it needs where that is not its provider's usual one, e.g. <c>openai-responses</c>; empty: the usual one.</summary>
    public string WireFormat { get; init; } = "";

    /// <summary>Input and output tokens together; null when unknown.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Input tokens; null when only <see cref="ContextWindow"/> limits them.</summary>
    public int? MaxInputTokens { get; init; }

    /// <summary>Output tokens; null when unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What it can do.</summary>
    public Capabilities Capabilities { get; init; } = Capabilities.Streaming;

    /// <summary>Whether the configuration lists the capabilities, so that it cannot do what is not among them.</summary>
    public bool CapabilitiesGiven { get; init; }

    /// <summary>What it charges; null when unknown, which is not free.</summary>
    public Price? Price { get; init; }

    /// <summary>Its status and dates.</summary>
    public Lifecycle Lifecycle { get; init; } = Lifecycle.Unknown;

    /// <summary>How it is asked to reason.</summary>
    public ReasoningOptions Reasoning { get; init; } = ReasoningOptions.None;

    /// <summary>Where it runs: <c>us</c>, <c>eu</c>, <c>cn</c>, <c>on-prem</c> …; empty when unknown, which no region constraint accepts.</summary>
    public string Region { get; init; } = "";

    /// <summary>The most delicate data that it may be given; null when nobody has said so, and a policy decides.</summary>
    public DataClass? MaxDataClass { get; init; }

    /// <summary>How far its knowledge reaches; empty when unknown.</summary>
    public string KnowledgeCutoff { get; init; } = "";

    /// <summary>The day of the model's release.</summary>
    public DateOnly? ReleaseDate { get; init; }

    /// <summary>Whether the model's weights can be had.</summary>
    public bool OpenWeights { get; init; }

    /// <summary>Where its facts were read, with the day: <c>models.dev 2026-09-30</c>.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>True when answers are invented: <c>demo</c> only.</summary>
    public bool Simulated { get; init; }

    /// <summary>Usual time to the first chunk in milliseconds, before own measurements exist; null when no fact is known.</summary>
    public double? TypicalTimeToFirstChunkMs { get; init; }

    /// <summary>Usual output tokens per second, before own measurements exist; null when no fact is known.</summary>
    public double? TypicalTokensPerSecond { get; init; }

    /// <summary>The most calls that may run there at once, from this process; null for any number.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Its share of a model's requests beside other deployments of the model that are as good, where a policy spreads them; above 0, 1 by default.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whether every given capability is present.</summary>
    public bool Can(Capabilities needed) => (Capabilities & needed) == needed;
}
