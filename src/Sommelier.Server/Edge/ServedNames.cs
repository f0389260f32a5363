using Sommelier.Catalog;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary>A name that a caller may send as <c>model</c>.</summary>
/// <param name="Id">The name.</param>
/// <param name="Display">For people.</param>
/// <param name="Deployment">What it names, or a representative of it; null for a policy.</param>
internal sealed record ServedName(string Id, string Display, Deployment? Deployment)
{
    /// <summary>Whether it turns texts into vectors and does nothing else.</summary>
    public bool Embeds => Deployment is { Kind: ModelKind.Embedding };
}

/// <summary>Every name that a caller may send: policies, aliases, models, deployments.</summary>
internal static class ServedNames
{
    /// <summary>All of them, in a stable order.</summary>
    public static IReadOnlyList<ServedName> Of(GatewaySnapshot snapshot)
    {
        var names = new List<ServedName> { new("auto", $"Sommelier: policy {snapshot.Policies.Default.Name}", null) };
        foreach (var policy in snapshot.Policies.All)
        {
            names.Add(new($"auto/{policy.Name}", $"Sommelier: policy {policy.Name}", null));
        }

        var catalog = snapshot.Catalog;
        foreach (var (alias, target) in catalog.Aliases.OrderBy(alias => alias.Key, StringComparer.Ordinal))
        {
            names.Add(new(alias, $"{alias} → {target}", catalog.Find(target)));
        }

        var models = catalog.Deployments
            .Where(deployment => deployment.Kind is ModelKind.Chat or ModelKind.Embedding)
            .OrderBy(deployment => deployment.Id, StringComparer.Ordinal)
            .ToList();
        var seen = new HashSet<string>(names.Select(name => name.Id), StringComparer.Ordinal);
        foreach (var deployment in models)
        {
            if (seen.Add(deployment.CanonicalModel))
            {
                names.Add(new(deployment.CanonicalModel, Display(deployment), deployment));
            }
        }

        foreach (var deployment in models)
        {
            if (seen.Add(deployment.Id))
            {
                names.Add(new(deployment.Id, $"{Display(deployment)} ({deployment.Provider})", deployment));
            }
        }

        return names;
    }

    // A model that only the configuration knows may have no name for people.
    private static string Display(Deployment deployment) => deployment.Name.Length > 0 ? deployment.Name : deployment.Model;

    /// <summary>One of them, or null.</summary>
    public static ServedName? Find(GatewaySnapshot snapshot, string id)
    {
        foreach (var name in Of(snapshot))
        {
            if (string.Equals(name.Id, id, StringComparison.Ordinal))
            {
                return name;
            }
        }

        return null;
    }
}
