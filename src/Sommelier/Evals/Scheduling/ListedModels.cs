using Sommelier.Catalog;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;

namespace Sommelier.Evals.Scheduling;

/// <summary>Which models of a catalog can be run on suites, and at whom each is asked.</summary>
internal static class ListedModels
{
    /// <summary>The models that can be called, and chosen by a router, on a day, under their makers' own ids, each with its deployments.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Deployment>> Of(CatalogSnapshot catalog, DateOnly today) => catalog.Deployments
        .Where(deployment => deployment is { Kind: ModelKind.Chat, Simulated: false, NamedOnly: NamedOnly.No } && deployment.Lifecycle.At(today) is ModelStatus.Preview or ModelStatus.Active)
        .GroupBy(static deployment => deployment.CanonicalModel, StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static IReadOnlyList<Deployment> (group) => [.. group], StringComparer.Ordinal);

    /// <summary>
    /// The deployment at which a model is asked: its maker's own, else the one with the lowest price. Null when the settings leave the
    /// model out. Deployments of one model count as one model, so one of them is enough.
    /// </summary>
    public static Deployment? Choose(IReadOnlyList<Deployment> deployments, NewModelsConfig settings) => deployments
        .Where(deployment => settings.Providers.Count == 0 || settings.Providers.Contains(deployment.Provider, StringComparer.Ordinal))
        .Where(deployment => settings.Models.Count == 0 || settings.Models.Any(pattern => ProviderDeployments.Matches(pattern, deployment.Id) || ProviderDeployments.Matches(pattern, deployment.CanonicalModel)))
        .OrderBy(static deployment => !string.Equals(deployment.Provider, deployment.Maker, StringComparison.Ordinal))
        .ThenBy(static deployment => deployment.Price is { } price ? price.InputUsdPerMillion + price.OutputUsdPerMillion : decimal.MaxValue)
        .ThenBy(static deployment => deployment.Id, StringComparer.Ordinal)
        .FirstOrDefault();
}
