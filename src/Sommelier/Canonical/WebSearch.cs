namespace Sommelier.Canonical;

/// <summary>The web search that a model's host runs by itself, as far as hosts agree on it.</summary>
public sealed record WebSearch
{
    /// <summary>
    /// How many searches an answer is taken to make at most where nobody limits them. No vendor promises a number: it is how often
    /// Anthropic's servers go back to the model in one request before they hand over (<c>pause_turn</c>), taken as one search each time.
    /// </summary>
    /// <remarks>Source: platform.claude.com/docs/en/build-with-claude/handling-stop-reasons</remarks>
    public const int AssumedUses = 10;

    /// <summary>The only sites that may be searched; empty for all.</summary>
    public IReadOnlyList<string> AllowedDomains { get; init; } = [];

    /// <summary>Sites that must not be searched.</summary>
    public IReadOnlyList<string> BlockedDomains { get; init; } = [];

    /// <summary>The most searches for one answer; null for no limit.</summary>
    public int? MaxUses { get; init; }

    /// <summary>How much of what is found the model is shown: <c>low</c>, <c>medium</c> or <c>high</c>; null when not said.</summary>
    public string? ContextSize { get; init; }

    /// <summary>Where the asker is; null when not said.</summary>
    public SearchLocation? Location { get; init; }
}

/// <summary>About where the asker of a search is; each may be null.</summary>
/// <param name="City">The city.</param>
/// <param name="Region">The region or state.</param>
/// <param name="Country">Two letters (ISO 3166).</param>
/// <param name="TimeZone">An IANA name.</param>
public sealed record SearchLocation(string? City, string? Region, string? Country, string? TimeZone);
