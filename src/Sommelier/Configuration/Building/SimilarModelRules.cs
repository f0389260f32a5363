using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Configuration.Building;

/// <summary>Warns of models for the vectors of turns that make none, or that their policy leaves out. Nothing is compared then, and no request fails that would tell.</summary>
internal static class SimilarModelRules
{
    public static IEnumerable<ConfigProblem> Check(SommelierConfig config, CatalogSnapshot catalog, IReadOnlyList<Policy> policies)
    {
        foreach (var policy in policies)
        {
            var places = policy.Rules.Select((rule, i) => ($"policies.{policy.Name}.rules[{i}].cache.similar.model", rule.Then)).Where(place => config.Positions.ContainsKey(place.Item1));
            foreach (var (path, meant) in places.Prepend(($"policies.{policy.Name}.cache.similar.model", policy)))
            {
                if (meant.Cache.Similar?.Model is { } model && Complaint(catalog, meant, model) is var (message, hint))
                {
                    yield return new(config.At(path), path, message, hint, ConfigSeverity.Warning);
                }
            }
        }
    }

    // Null also where nobody serves it: that is said of every name.
    private static (string Message, string Hint)? Complaint(CatalogSnapshot catalog, Policy policy, string model)
    {
        Deployment[] meant = [.. catalog.Deployments.Where(new NameList([model], catalog).Contains)];
        Deployment[] makers = [.. meant.Where(static deployment => deployment.Kind == ModelKind.Embedding)];
        if (meant.Length == 0)
        {
            return null;
        }

        if (makers.Length == 0)
        {
            return ($"'{model}' makes no vectors, so no turns are compared", "Name an embedding model");
        }

        var (only, allowed, excluded) = (new NameList(policy.Only, catalog), new NameList(policy.ProfileOnly, catalog), new NameList(policy.Exclude, catalog));
        return makers.Any(maker => (only.IsEmpty || only.Contains(maker)) && (allowed.IsEmpty || allowed.Contains(maker)) && !excluded.Contains(maker))
            ? null
            : ($"'only' or 'exclude' of the policy leaves out '{model}', so no turns are compared", "Let it in there, or name another embedding model");
    }
}
