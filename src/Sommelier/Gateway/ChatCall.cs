using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Wire;

namespace Sommelier.Gateway;

/// <summary>A caller's request as the edge hands it over: everything but its body.</summary>
internal sealed record ChatCall
{
    /// <summary>The id under which the ledger will know it.</summary>
    public required string RequestId { get; init; }

    /// <summary>The caller's dialect.</summary>
    public required IWireFormat Format { get; init; }

    /// <summary>The path that was called, e.g. <c>/v1/messages</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What the address says of the request, for dialects that put the model there.</summary>
    public CallPath Path { get; init; }

    /// <summary>The key that the caller shows, or null. Never logged, never stored.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Header fields that a provider of the same format gets too, e.g. <c>anthropic-beta</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ForwardedHeaders { get; init; } = [];

    /// <summary>What kind of work it is, where the caller in this process knows; null: the classifier tells.</summary>
    public Intent? Intent { get; init; }

    /// <summary>Is told what went on record, once, when the request has ended; null for nobody.</summary>
    public Action<LedgerEntry>? Recorded { get; init; }
}
