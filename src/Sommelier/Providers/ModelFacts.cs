using System.Collections.Frozen;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Reads off a deployment what the quirks of several providers depend on.</summary>
internal static class ModelFacts
{
    /// <summary>Among a deployment's sources: the server was asked which models it has.</summary>
    public const string ServersList = "the server's own list";

    /// <summary>
    /// Whether the catalog speaks of the model, so that an absent capability means "cannot". Of a model that only the
    /// configuration names, nothing is known, and nothing that the caller sent is taken away.
    /// </summary>
    public static bool AreKnown(Deployment deployment)
    {
        foreach (var source in deployment.Sources)
        {
            if (!source.StartsWith("configuration", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the model is known not to have a capability.</summary>
    public static bool Lacks(Deployment deployment, Capabilities capability) =>
        AreKnown(deployment) && !deployment.Can(capability);

    /// <summary>
    /// How far the model can be held to a schema in the field that its format has for it. Where the catalog or the
    /// configuration lists what it can do, what is not listed it cannot; a server's list of models says nothing of that.
    /// </summary>
    public static JsonSchemaSupport JsonSchema(Deployment deployment) =>
        deployment.Can(Capabilities.JsonSchema) ? JsonSchemaSupport.Native
        : !deployment.CapabilitiesGiven && (!AreKnown(deployment) || deployment.Sources.Contains(ServersList, StringComparer.Ordinal)) ? JsonSchemaSupport.Unsure
        : deployment.Can(Capabilities.JsonObject) ? JsonSchemaSupport.JsonObjectOnly
        : JsonSchemaSupport.None;

    /// <summary>The efforts that the model accepts, in our words; empty when none is known.</summary>
    public static IReadOnlyList<ReasoningEffort> Efforts(Deployment deployment)
    {
        var words = deployment.Reasoning.Efforts;
        if (words.Count == 0)
        {
            return [];
        }

        var efforts = new List<ReasoningEffort>(words.Count);
        foreach (var word in words)
        {
            // A vendor's own word, such as Groq's "default", is left out: nobody can ask for it in another dialect.
            if (Effort(word) is { } effort)
            {
                efforts.Add(effort);
            }
        }

        return efforts;
    }

    /// <summary>
    /// Whether it is one of Anthropic's, which several clouds serve at an address of their own: by its maker, else by the names that
    /// Anthropic and Amazon give them, so that a model newer than the catalog goes the right way, too.
    /// </summary>
    public static bool IsClaude(Deployment deployment) =>
        deployment.Maker is "anthropic"
        || deployment.Model.StartsWith("claude", StringComparison.OrdinalIgnoreCase)
        || deployment.CanonicalModel.StartsWith("claude", StringComparison.OrdinalIgnoreCase)
        || deployment.Model.Contains("anthropic.", StringComparison.Ordinal);

    /// <summary>A set of parameter names, ordinal.</summary>
    public static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);

    private static ReasoningEffort? Effort(string word) => word switch
    {
        "none" => ReasoningEffort.None,
        "minimal" => ReasoningEffort.Minimal,
        "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "xhigh" => ReasoningEffort.XHigh,
        "max" => ReasoningEffort.Max,
        _ => null,
    };
}
