namespace Sommelier.Catalog;

/// <summary>What is known of one provider's models.</summary>
/// <param name="Deployments">The models that it serves.</param>
/// <param name="Tombstones">The models that it served.</param>
/// <param name="Aliases">Other names of its models: name to canonical model.</param>
public sealed record ProviderFacts(
    IReadOnlyList<Deployment> Deployments,
    IReadOnlyList<Tombstone> Tombstones,
    IReadOnlyDictionary<string, string> Aliases)
{
    /// <summary>Nothing is known.</summary>
    public static ProviderFacts Nothing { get; } = new([], [], new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The deployment that sends a model id, or null.</summary>
    public Deployment? Find(string model) => Deployments.FirstOrDefault(d => string.Equals(d.Model, model, StringComparison.Ordinal));
}
