namespace Sommelier.Canonical;

/// <summary>Token counts of one upstream call, normalised: every provider's inclusive and exclusive counting ends here.</summary>
public readonly record struct Usage
{
    /// <summary>All input tokens, those read from and written to a cache included.</summary>
    public long InputTokens { get; init; }

    /// <summary>Input tokens that were read from a prompt cache.</summary>
    public long CacheReadInputTokens { get; init; }

    /// <summary>Input tokens that were written to a prompt cache, at any time to live.</summary>
    public long CacheCreationInputTokens { get; init; }

    /// <summary>Of <see cref="CacheCreationInputTokens"/>, those written with a time to live of one hour.</summary>
    public long CacheCreation1hInputTokens { get; init; }

    /// <summary>Of <see cref="InputTokens"/>, those of audio, cached ones included.</summary>
    public long InputAudioTokens { get; init; }

    /// <summary>Of <see cref="InputAudioTokens"/>, those known to be read from a cache. Only Google tells; 0: not told.</summary>
    public long CacheReadInputAudioTokens { get; init; }

    /// <summary>All output tokens, reasoning included.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Of <see cref="OutputTokens"/>, those spent on reasoning.</summary>
    public long ReasoningOutputTokens { get; init; }

    /// <summary>Of <see cref="OutputTokens"/>, those of audio; reasoning is never among them.</summary>
    public long OutputAudioTokens { get; init; }

    /// <summary>How the call was served where that has a price of its own: <c>priority</c>, <c>flex</c>, <c>fast</c> …; null for the usual way.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Where the call was held to be served (Anthropic's <c>inference_geo</c>), which may have a price of its own; null for anywhere.</summary>
    public string? InferenceGeo { get; init; }

    /// <summary>Searches of the web that the vendor ran and charges for apart from tokens.</summary>
    public long WebSearches { get; init; }

    /// <summary>True when the upstream did not report usage and the counts are our estimate.</summary>
    public bool Estimated { get; init; }
}
