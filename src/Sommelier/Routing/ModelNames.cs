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
        var today = DateOnly.FromDateTime(query.At.UtcDateTime);
        if (found.Count > 0 && !AllRetired(found, today))
        {
            return new() { Deployments = Chosen(found) };
        }

        if ((found.Count > 0 ? Grave.Of(found[0]) : Grave.Of(query.Catalog.FindTombstone(name), today)) is not { } grave)
        {
            return new() { Error = RouteErrors.UnknownModel(query) };
        }

        // Named with its provider, the model is succeeded at that provider, if it can be.
        var provider = name.Contains('/', StringComparison.Ordinal) ? grave.Provider : null;
        var successor = Successor(query.Catalog, grave.Lifecycle, provider, today);
        return query.Policy.Successor && successor.Count > 0 && query.Signals.Operation == Operation.Chat
            ? new() { Deployments = successor, Succeeded = true }
            : new() { Error = RouteErrors.Retired(query, grave.Lifecycle, successor) };
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

    // A model's own name does not name its special terms and second ids; a name that means nothing else does.
    private static IReadOnlyList<Deployment> Chosen(IReadOnlyList<Deployment> found)
    {
        var usual = 0;
        for (var i = 0; i < found.Count; i++)
        {
            usual += found[i].NamedOnly == NamedOnly.No ? 1 : 0;
        }

        return usual == 0 || usual == found.Count ? found : [.. found.Where(d => d.NamedOnly == NamedOnly.No)];
    }

    /// <summary>The first living successor, following successors of successors; at the same provider where there is one.</summary>
    private static IReadOnlyList<Deployment> Successor(CatalogSnapshot catalog, Lifecycle from, string? provider, DateOnly today)
    {
        for (var step = 0; step < MaxSuccessions; step++)
        {
            Lifecycle? next = null;
            foreach (var name in from.Successors)
            {
                var there = provider is null ? [] : catalog.Resolve($"{provider}/{name}");
                var found = there.Count > 0 ? there : catalog.Resolve(name);
                if (found.Count > 0 && !AllRetired(found, today))
                {
                    return found;
                }

                next ??= found.Count > 0 ? found[0].Lifecycle : catalog.FindTombstone(name)?.Lifecycle;
            }

            if (next is null)
            {
                break;
            }

            from = next;
        }

        return [];
    }

    /// <summary>A model that no longer answers, whether its catalog entry is still kept or only its tombstone.</summary>
    private sealed record Grave(string Provider, Lifecycle Lifecycle)
    {
        public static Grave Of(Deployment deployment) => new(deployment.Provider, deployment.Lifecycle);

        /// <summary>Null for a model whose day has not come: of that the catalog knows the dates alone, and it is served by who configures it.</summary>
        public static Grave? Of(Tombstone? tombstone, DateOnly today) => tombstone?.Lifecycle.At(today) != ModelStatus.Retired ? null : new(tombstone.Provider, tombstone.Lifecycle);
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
