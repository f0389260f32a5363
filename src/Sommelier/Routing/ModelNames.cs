using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>What a caller's model name means: everything (<c>auto</c>), one deployment, all deployments of a model, or nothing.</summary>
internal static class ModelNames
{
    public const string Auto = "auto";
    public const string AutoPrefix = "auto/";

    /// <summary>The most steps from a retired model to a living successor.</summary>
    private const int MaxSuccessions = 8;

    public static NamedModels Resolve(RouteQuery query)
    {
        var name = query.Catalog.Aliases.TryGetValue(query.Model, out var target) ? target : query.Model;
        if (string.Equals(name, Auto, StringComparison.Ordinal) || name.StartsWith(AutoPrefix, StringComparison.Ordinal))
        {
            return default;
        }

        var found = query.Catalog.Resolve(name);
        if (found.Count == 0)
        {
            return new() { Error = RouteErrors.UnknownModel(query) };
        }

        var today = DateOnly.FromDateTime(query.At.UtcDateTime);
        if (!AllRetired(found, today))
        {
            return new() { Deployments = found };
        }

        var successor = Successor(query.Catalog, found, today);
        return query.Policy.Successor && successor.Count > 0
            ? new() { Deployments = successor, Succeeded = true }
            : new() { Error = RouteErrors.Retired(query, found[0], successor) };
    }

    internal static bool AllRetired(IReadOnlyList<Deployment> deployments, DateOnly today)
    {
        foreach (var deployment in deployments)
        {
            if (deployment.Lifecycle.At(today) != ModelStatus.Retired)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first living successor, following successors of successors; the same provider's where there is one.</summary>
    internal static IReadOnlyList<Deployment> Successor(CatalogSnapshot catalog, IReadOnlyList<Deployment> retired, DateOnly today)
    {
        var from = retired;
        for (var step = 0; step < MaxSuccessions && from.Count > 0; step++)
        {
            IReadOnlyList<Deployment> next = [];
            foreach (var name in from.SelectMany(d => d.Lifecycle.Successors).Distinct(StringComparer.Ordinal))
            {
                var sameProvider = catalog.Resolve($"{retired[0].Provider}/{name}");
                var candidates = retired.Count == 1 && sameProvider.Count > 0 ? sameProvider : catalog.Resolve(name);
                if (candidates.Count > 0 && !AllRetired(candidates, today))
                {
                    return candidates;
                }

                next = next.Count > 0 ? next : candidates;
            }

            from = next;
        }

        return [];
    }
}

/// <summary>What a model name meant.</summary>
internal readonly struct NamedModels
{
    /// <summary>The deployments that it means; null for all.</summary>
    public IReadOnlyList<Deployment>? Deployments { get; init; }

    /// <summary>Whether they are successors of the retired model that was named.</summary>
    public bool Succeeded { get; init; }

    public GatewayError? Error { get; init; }
}
