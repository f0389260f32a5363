using Sommelier.Catalog;

namespace Sommelier.Configuration.Building;

/// <summary>Recognises a model by its name wherever it is served, so that a user's own server shares the evidence about it.</summary>
internal static class KnownModels
{
    private static readonly Lazy<Dictionary<string, Deployment>> ByKey = new(Index);

    /// <summary>The deployment with what the catalog knows of the same model elsewhere; unchanged when it knows nothing.</summary>
    /// <remarks>Prices, limits and regions are a provider's own and are not carried over.</remarks>
    public static Deployment Describe(Deployment deployment)
    {
        if (!ByKey.Value.TryGetValue(CanonicalName.LooseKey(deployment.CanonicalModel), out var known))
        {
            return deployment;
        }

        return deployment with
        {
            CanonicalModel = known.CanonicalModel,
            Name = known.Name,
            Family = known.Family,
            Maker = known.Maker,
            Kind = known.Kind,
            Capabilities = deployment.Capabilities | (known.Capabilities & Carried),
            Reasoning = known.Reasoning,
            KnowledgeCutoff = known.KnowledgeCutoff,
            ReleaseDate = known.ReleaseDate,
            OpenWeights = known.OpenWeights,
        };
    }

    /// <summary>What a model itself can do; the rest depends on the server.</summary>
    private const Capabilities Carried = Capabilities.Vision | Capabilities.Reasoning | Capabilities.Tools | Capabilities.Temperature;

    private static Dictionary<string, Deployment> Index()
    {
        var index = new Dictionary<string, Deployment>(StringComparer.Ordinal);
        foreach (var deployment in BundledCatalog.Providers.SelectMany(provider => BundledCatalog.Provider(provider).Deployments))
        {
            index.TryAdd(CanonicalName.LooseKey(deployment.CanonicalModel), deployment);
        }

        return index;
    }
}
