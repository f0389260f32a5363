using Sommelier.Catalog;
using Sommelier.Providers;

namespace Sommelier.Evals.Runs;

/// <summary>A model under test: one deployment, nobody in its place.</summary>
/// <param name="Name">As reports name it: <c>provider/model</c>, with <c>demo/</c> before it when it is simulated.</param>
/// <param name="Deployment">Who is asked.</param>
internal sealed record Candidate(string Name, Deployment Deployment)
{
    /// <summary>Stands before the names of simulated models.</summary>
    public const string SimulatedPrefix = "demo/";

    /// <summary>Stands for whoever gave the answers that a suite brings along; nobody is asked.</summary>
    public static Candidate Recorded { get; } = new("recorded", new() { Id = "recorded", Provider = "recorded", Model = "recorded", CanonicalModel = "recorded" });

    /// <summary>The candidate of a name; null when it means no deployment or several, with what to do.</summary>
    /// <param name="name">A deployment's id, an alias or a model's own id, with or without <c>demo/</c>.</param>
    /// <param name="catalog">What there is.</param>
    /// <param name="problem">What is wrong, as a sentence; empty when nothing is.</param>
    public static Candidate? Find(string name, CatalogSnapshot catalog, out string problem)
    {
        var simulated = name.StartsWith(SimulatedPrefix, StringComparison.Ordinal) && catalog.Resolve(name).Count == 0;
        var bare = simulated ? name[SimulatedPrefix.Length..] : name;
        var found = catalog.Resolve(bare);
        var one = found.Count == 1 ? found[0] : found.FirstOrDefault(static d => d.Maker.Length > 0 && string.Equals(d.Provider, d.Maker, StringComparison.Ordinal));
        problem = "";
        if (one is not null)
        {
            return new((simulated ? SimulatedPrefix : "") + one.Id, one);
        }

        var close = found.Count > 0 ? found.Select(static d => d.Id) : Routing.CloseMatches.Of(bare, catalog);
        problem = found.Count > 0
            ? $"'{bare}' is served by several providers; name one: {string.Join(", ", close)}."
            : Unconfigured(bare, catalog) is { } provider
            ? $"'{bare}' cannot be asked: its provider is not configured. {(ProviderRegistry.Find(provider)?.ApiKeyVariables is [var variable, ..] ? $"Set {variable}" : "Set its key")}, or write {provider} under providers in sommelier.yaml. {SimulatedPrefix}{bare} is a simulated one that needs no key."
            : $"There is no model '{bare}'.{(close.Any() ? $" Did you mean {string.Join(", ", close)}?" : " 'sommelier models list' lists them.")}";
        return null;
    }

    // The provider of a model that would be there, were its provider configured.
    private static string? Unconfigured(string name, CatalogSnapshot catalog)
    {
        var provider = name.Split('/')[0];
        return catalog.Deployments.All(one => !string.Equals(one.Provider, provider, StringComparison.Ordinal))
            && BundledCatalog.Provider(provider).Deployments.Any(one => string.Equals(one.Id, name, StringComparison.Ordinal)) ? provider : null;
    }
}
