using Sommelier.Catalog;
using Sommelier.Evals.Runs;

namespace Sommelier.Evals.Judges;

/// <summary>Which model a name means, whoever serves it: a judge must not be the model that it judges under another provider's name.</summary>
internal static class ModelIdentity
{
    /// <summary>The canonical model of a deployment id, alias or canonical id; what stands behind the provider when the catalog does not know it.</summary>
    public static string Of(string name, CatalogSnapshot catalog) => Candidate.Find(name, catalog, out _) is { } found ? found.Deployment.CanonicalModel
        : catalog.Resolve(name) is [var deployment, ..] ? deployment.CanonicalModel
        : Of(name);

    /// <summary>What stands behind the provider.</summary>
    public static string Of(string name) => name[(name.LastIndexOf('/') + 1)..];
}
