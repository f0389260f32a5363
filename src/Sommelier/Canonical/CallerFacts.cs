namespace Sommelier.Canonical;

/// <summary>Who calls, by the names that people gave; null for what there is not.</summary>
/// <param name="Key">The key's name.</param>
/// <param name="Team">The name of the key's team.</param>
/// <param name="Organisation">The name of its organisation.</param>
public sealed record CallerFacts(string? Key = null, string? Team = null, string? Organisation = null)
{
    /// <summary>Somebody without a key of the store.</summary>
    public static CallerFacts Unknown { get; } = new();
}
