namespace Sommelier.Catalog;

/// <summary>A model as its maker made it, wherever it is hosted.</summary>
public sealed record Model
{
    /// <summary>The canonical id, e.g. <c>claude-opus-5-5</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The line of models it belongs to, e.g. <c>claude-opus</c>; empty when unknown.</summary>
    public string Family { get; init; } = "";

    /// <summary>Who made it, e.g. <c>anthropic</c>; empty when unknown.</summary>
    public string Maker { get; init; } = "";

    /// <summary>How far its knowledge reaches, as its maker writes it: a year, a month or a day; empty when unknown.</summary>
    public string KnowledgeCutoff { get; init; } = "";

    /// <summary>The day of its release.</summary>
    public DateOnly? ReleaseDate { get; init; }

    /// <summary>Whether its weights can be had.</summary>
    public bool OpenWeights { get; init; }
}
