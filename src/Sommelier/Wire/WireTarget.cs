namespace Sommelier.Wire;

/// <summary>Who a request is written for.</summary>
public sealed record WireTarget
{
    /// <summary>The model name to send.</summary>
    public required string Model { get; init; }

    /// <summary>How the target departs from the format's own vendor.</summary>
    public required WireQuirks Quirks { get; init; }

    /// <summary>The target's output limit, for formats that demand one when the caller gave none; null when unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Names of the vendor's beta features that the caller asked for in a header, for targets that want them in the body.</summary>
    public IReadOnlyList<string> Betas { get; init; } = [];

    /// <summary>Whether token counts must be asked for in the stream even if the caller did not: the ledger needs them.</summary>
    public bool AskStreamUsage { get; init; } = true;
}
