namespace Sommelier.Ledger;

/// <summary>Which entries are read, and in which order. Everything that is null does not matter.</summary>
internal sealed record LedgerFilter
{
    /// <summary>Requests that began then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Requests that began before then.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Of this key.</summary>
    public string? CallerKeyId { get; init; }

    /// <summary>Of keys that were in this team at the time.</summary>
    public string? TeamId { get; init; }

    /// <summary>Of keys that were in this organisation at the time.</summary>
    public string? OrganisationId { get; init; }

    /// <summary>The id of the last entry of the page before; this page goes on behind it.</summary>
    public string? Behind { get; init; }

    /// <summary>Whether the oldest comes first. Default: the newest.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>The most entries of a page.</summary>
    public required int Limit { get; init; }
}
