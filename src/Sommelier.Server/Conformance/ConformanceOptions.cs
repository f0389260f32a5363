using Sommelier.Server.Conformance.Callers;

namespace Sommelier.Server.Conformance;

/// <summary>What to judge, and how.</summary>
internal sealed record ConformanceOptions
{
    /// <summary>The gateway; null for a Sommelier that is started for it.</summary>
    public Uri? Target { get; init; }

    /// <summary>Where the failing provider listens; 0 for a free port.</summary>
    public int Port { get; init; }

    /// <summary>The dialects to ask in.</summary>
    public required IReadOnlyList<CallerDialect> Dialects { get; init; }

    /// <summary>What to play.</summary>
    public required IReadOnlyList<FaultCase> Cases { get; init; }

    /// <summary>The key that is shown to the gateway.</summary>
    public string Key { get; init; } = "conformance";

    /// <summary>The model that a target is asked for; <c>{case}</c> stands for the name of the play.</summary>
    public string Model { get; init; } = "conformance";

    /// <summary>Further headers of every request.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Whether the target is a Portkey gateway, which is told with each request whom to ask.</summary>
    public bool Portkey { get; init; }

    /// <summary>How long the Sommelier of its own waits for a silent provider.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a caller waits.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
