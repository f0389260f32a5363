using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sommelier.Embedding;

/// <summary>What a gateway inside another program is made of.</summary>
public sealed record EmbeddedGatewayOptions
{
    /// <summary>The text of a <c>sommelier.yaml</c>; null for none. Addresses to listen on mean nothing here.</summary>
    public string? Configuration { get; init; }

    /// <summary>Where ledger and journal lie; null takes the configuration's <c>server.data</c>, by default <c>./.sommelier</c>.</summary>
    public string? DataFolder { get; init; }

    /// <summary>
    /// Chat clients that answer as models: the client under <c>my-model</c> is the model <c>in-process/my-model</c>, to be named
    /// outright or chosen by a policy. What is known of it (price, window, capabilities, region) can be said in the configuration
    /// under <c>providers: { in-process: { models: [{ id: my-model, … }] } }</c>; a client that is not listed there is added. The
    /// gateway does not dispose them.
    /// </summary>
    public IReadOnlyDictionary<string, IChatClient> ChatClients { get; init; } = new Dictionary<string, IChatClient>(StringComparer.Ordinal);

    /// <summary>Environment variables by name, for keys and <c>${…}</c>; null takes the process's own.</summary>
    public Func<string, string?>? Environment { get; init; }

    /// <summary>Where log lines go. Default: nowhere.</summary>
    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
