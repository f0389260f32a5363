namespace Sommelier.Catalog;

/// <summary>A model that can no longer be called, kept so that its name can be explained and its successor named.</summary>
public sealed record Tombstone
{
    /// <summary>Who served it.</summary>
    public required string Provider { get; init; }

    /// <summary>The id that was sent upstream.</summary>
    public required string Model { get; init; }

    /// <summary>Other ids of the same model.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>When and why it ended.</summary>
    public required Lifecycle Lifecycle { get; init; }
}
