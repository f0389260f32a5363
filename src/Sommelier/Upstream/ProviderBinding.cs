using Sommelier.Providers;
using Sommelier.Upstream.Auth;

namespace Sommelier.Upstream;

/// <summary>A provider as it is configured: its facts, its address, its key.</summary>
internal sealed record ProviderBinding
{
    /// <summary>The name in the configuration; the prefix of its deployments' ids.</summary>
    public required string Name { get; init; }

    /// <summary>Facts and quirks.</summary>
    public required Provider Provider { get; init; }

    /// <summary>Where requests go; ends with a slash.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>The key, or null. Never logged, never in an error, never in the ledger.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Several keys, of which each call shows one; empty where there is one at most. <see cref="ApiKey"/> is the first of them then.</summary>
    public IReadOnlyList<ProviderKey> ApiKeys { get; init; } = [];

    /// <summary>The query parameter that shows the key; null: the provider's header does. An address with it is as secret as the key.</summary>
    public string? KeyParameter { get; init; }

    /// <summary>Shows who we are where a key does not do; null for a key, or none.</summary>
    public IRequestAuth? Auth { get; init; }

    /// <summary>Further headers from the configuration.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Whether its chat streams end with <c>[DONE]</c>, see <see cref="Wire.WireQuirks.DoneMark"/>; null: as is known of it.</summary>
    public bool? DoneMark { get; init; }

    /// <summary>How long connecting may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Hides the key from whoever prints a binding.</summary>
    public override string ToString() => $"{Name} ({Provider.Name} at {BaseAddress})";
}
