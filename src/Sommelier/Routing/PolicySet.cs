using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>The policies in force. Immutable.</summary>
public sealed class PolicySet
{
    private readonly Dictionary<string, Policy> byName;

    /// <summary>The built-in policies, with the configuration's own over them.</summary>
    /// <param name="own">The configuration's policies; one with a built-in name replaces it.</param>
    /// <param name="defaultName">What <c>auto</c> means.</param>
    /// <exception cref="ArgumentException">There is no policy of the default's name.</exception>
    public PolicySet(IEnumerable<Policy> own, string defaultName = "balanced")
    {
        byName = Policies.BuiltIn.ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (var policy in own)
        {
            byName[policy.Name] = policy;
        }

        AsksForRepeats = byName.Values.Any(static policy => Any(policy, static one => one.Escalate is { OnRepeat: true }));
        AsksForStalls = byName.Values.Any(static policy => Any(policy, static one => one.Escalate?.OnStall is not null));
        AsksForIntents = byName.Values.Any(static policy => Any(policy, static one => one.Classify is not null));
        Default = byName.TryGetValue(defaultName, out var found)
            ? found
            : throw new ArgumentException($"There is no policy '{defaultName}'; known: {Known()}.", nameof(defaultName));
    }

    /// <summary>The built-in policies alone.</summary>
    public static PolicySet BuiltIn { get; } = new([]);

    /// <summary>What <c>auto</c> means.</summary>
    public Policy Default { get; }

    /// <summary>Whether a policy, or what one leads to, moves up what is asked again.</summary>
    internal bool AsksForRepeats { get; }

    /// <summary>Whether one moves up tool loops that have stalled.</summary>
    internal bool AsksForStalls { get; }

    /// <summary>Whether one has a model asked for an intent that the classifier does not stand by.</summary>
    internal bool AsksForIntents { get; }

    /// <summary>All policies, in the order of their names.</summary>
    public IEnumerable<Policy> All => byName.Values.OrderBy(p => p.Name, StringComparer.Ordinal);

    /// <summary>The policy of a name, or null.</summary>
    public Policy? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The policy of a request: the hint's, else that of <c>auto/name</c> (aliases resolved), else the default.</summary>
    /// <returns>False, with an error that names the field and what is known, when there is no such policy.</returns>
    public bool TryChoose(
        string model, CallerHints hints, CatalogSnapshot catalog, out Policy policy, out GatewayError? error) =>
        TryChooseFor(model, hints, catalog, [], out policy, out error);

    /// <summary>The same for a caller whose key may name some policies only; the first of them is its default.</summary>
    internal bool TryChooseFor(
        string model, CallerHints hints, CatalogSnapshot catalog, IReadOnlyList<string> allowed, out Policy policy, out GatewayError? error)
    {
        error = null;
        policy = Default;
        if (allowed.Count > 0 && !byName.TryGetValue(allowed[0], out policy!))
        {
            policy = Default;
            error = new(GatewayErrorKind.Forbidden, $"The key's default policy '{allowed[0]}' is not configured any more. Ask an administrator to change the key.", 403, "sommelier.policy");
            return false;
        }

        var name = hints.Policy is { Length: > 0 } asked ? asked : NameIn(model, catalog);
        if (name is null)
        {
            return true;
        }

        if (allowed.Count > 0 && !allowed.Contains(name, StringComparer.Ordinal))
        {
            error = new(GatewayErrorKind.Forbidden, $"The key may not use the policy '{name}', only: {string.Join(", ", allowed)}.", 403, hints.Policy is { Length: > 0 } ? "sommelier.policy" : "model");
            return false;
        }

        if (byName.TryGetValue(name, out var found))
        {
            policy = found;
            return true;
        }

        error = hints.Policy is { Length: > 0 }
            ? GatewayError.Invalid("sommelier.policy", $"There is no policy '{name}'. Known policies: {Known()}.")
            : new(GatewayErrorKind.ModelNotFound, $"There is no policy '{name}' for the model '{model}'. Known: {Known("auto/")}.", 404, "model");
        return false;
    }

    private static bool Any(Policy policy, Func<Policy, bool> holds) =>
        holds(policy)
        || policy.Rules.Any(rule => Any(rule.Then, holds))
        || policy.Split.Any(arm => Any(arm.Then, holds))
        || (policy.Canary is { } canary && Any(canary.Then, holds));

    private static string? NameIn(string model, CatalogSnapshot catalog)
    {
        var name = catalog.Aliases.TryGetValue(model, out var target) ? target : model;
        return name.StartsWith(ModelNames.AutoPrefix, StringComparison.Ordinal) ? name[ModelNames.AutoPrefix.Length..] : null;
    }

    private string Known(string prefix = "") => string.Join(", ", All.Select(p => prefix + p.Name));
}
