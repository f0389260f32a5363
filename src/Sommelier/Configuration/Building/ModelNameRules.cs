using Sommelier.Catalog;
using Sommelier.Configuration.Reading;

namespace Sommelier.Configuration.Building;

/// <summary>Warns of names in policies and aliases that mean no model: slips, and models that are gone.</summary>
/// <remarks>Warnings, not errors: a local server that is down now may serve the model tomorrow.</remarks>
internal static class ModelNameRules
{
    public static IEnumerable<ConfigProblem> Check(SommelierConfig config, CatalogSnapshot catalog)
    {
        foreach (var (alias, target) in config.Aliases)
        {
            if (!target.StartsWith("auto/", StringComparison.Ordinal) && Complaint(config, catalog, $"aliases.{alias}", target) is { } problem)
            {
                yield return problem;
            }
        }

        foreach (var (path, name) in config.Policies.SelectMany(policy => PinnedNames.InPolicy(config, policy)).Concat(config.Profile is { } profile ? PinnedNames.InProfile(config, profile) : []))
        {
            if (Complaint(config, catalog, path, name) is { } problem)
            {
                yield return problem;
            }
        }
    }

    private static ConfigProblem? Complaint(SommelierConfig config, CatalogSnapshot catalog, string path, string name)
    {
        if (catalog.Aliases.TryGetValue(name, out var target))
        {
            name = target;
        }

        if (catalog.Resolve(name).Count > 0 || catalog.OfProvider(name).Count > 0
            || config.Providers.Any(provider => string.Equals(provider.Name, name, StringComparison.Ordinal)))
        {
            return null;
        }

        if (catalog.FindTombstone(name) is { Lifecycle.Status: not ModelStatus.Retired })
        {
            return new(config.At(path), path, $"of '{name}' only the dates are known", "Add it to its provider's models", ConfigSeverity.Warning);
        }

        if (catalog.FindTombstone(name) is { } gone)
        {
            var when = gone.Lifecycle.RetiresOn is { } day ? $" since {day:yyyy-MM-dd}" : "";
            return new(config.At(path), path, $"'{name}' is retired{when}", gone.Lifecycle.Successors is [var successor, ..] ? $"Its maker names {successor}" : "Choose another model", ConfigSeverity.Warning);
        }

        var known = catalog.Deployments.SelectMany(d => (string[])[d.Id, d.CanonicalModel, d.Provider]).Distinct(StringComparer.Ordinal).ToArray();
        return new(config.At(path), path, $"no provider in use serves '{name}'", Suggestion.Nearest(name, known) is { } near ? $"Did you mean '{near}'?" : "Correct the name, or add the model to its provider's models", ConfigSeverity.Warning);
    }
}
