using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>A caller's or a policy's list of providers, models and deployments, aliases resolved.</summary>
internal readonly struct NameList
{
    private readonly string[]? names;

    public NameList(IReadOnlyList<string> names, CatalogSnapshot catalog)
    {
        if (names.Count == 0)
        {
            return;
        }

        this.names = new string[names.Count];
        for (var i = 0; i < names.Count; i++)
        {
            this.names[i] = catalog.Aliases.TryGetValue(names[i], out var target) ? target : names[i];
        }
    }

    public bool IsEmpty => names is null;

    public bool Contains(Deployment deployment) => IndexOf(deployment) >= 0;

    /// <summary>Whether one of the names is the deployment's own id.</summary>
    public bool Names(Deployment deployment)
    {
        foreach (var name in names ?? [])
        {
            if (string.Equals(name, deployment.Id, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The position of the first name that means the deployment, or -1.</summary>
    public int IndexOf(Deployment deployment)
    {
        for (var i = 0; i < (names?.Length ?? 0); i++)
        {
            if (Means(names![i], deployment))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Means(string name, Deployment deployment) =>
        string.Equals(name, deployment.Id, StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, deployment.CanonicalModel, StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, deployment.Provider, StringComparison.OrdinalIgnoreCase);
}
