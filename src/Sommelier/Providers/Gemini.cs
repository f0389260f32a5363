using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Google's Gemini API. Source: the official SDK (@google/genai 3.3.0) and Google's documentation.</summary>
public sealed class Gemini : Provider
{
    private static readonly FrozenSet<string> LogProbs = ModelFacts.Names("responseLogprobs", "logprobs");

    /// <inheritdoc/>
    public override string Name => "gemini";

    /// <inheritdoc/>
    public override string TelemetryName => "gcp.gemini";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://generativelanguage.googleapis.com/v1beta/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"];

    /// <inheritdoc/>
    public override AuthScheme Auth => AuthScheme.XGoogApiKey;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
    [
        new(GeminiFormat, "models/{model}:generateContent") { StreamPath = "models/{model}:streamGenerateContent?alt=sse" },
        new(BatchEmbed, "models/{model}:batchEmbedContents"),
        new("gemini-embed", "models/{model}:embedContent"),
    ];

    private const string BatchEmbed = "gemini-batch-embed";

    // "at most 100 requests can be in one batch" is what :batchEmbedContents answers to more.
    private static readonly WireQuirks BatchQuirks = new() { MaxInputs = 100 };

    /// <summary>It reads media by address from Google's own services only.</summary>
    public override WireQuirks Quirks(Deployment deployment, string format) => format switch
    {
        GeminiFormat => Of(deployment) with { RemoteImages = false, Unsupported = Refused(deployment, "gemini-2.0") },
        BatchEmbed => BatchQuirks,
        _ => WireQuirks.Default,
    };

    /// <summary>
    /// What a Gemini model refuses with 400: it says how likely each token was up to some line of models only ("Logprobs is not enabled
    /// for models/gemini-2.5-pro"; googleapis/python-genai issue 1921, GoogleCloudPlatform/generative-ai issue 2947).
    /// </summary>
    /// <param name="deployment">The model.</param>
    /// <param name="lines">What the names of those begin with that do not refuse it.</param>
    internal static FrozenSet<string> Refused(Deployment deployment, params ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            if (deployment.CanonicalModel.StartsWith(line, StringComparison.Ordinal))
            {
                return FrozenSet<string>.Empty;
            }
        }

        return deployment.CanonicalModel.StartsWith("gemini-", StringComparison.Ordinal) ? LogProbs : FrozenSet<string>.Empty;
    }

    /// <summary>The quirks of a Gemini model, wherever Google serves it.</summary>
    internal static WireQuirks Of(Deployment deployment) => new()
    {
        Reasoning = ModelFacts.Lacks(deployment, Capabilities.Reasoning) ? ReasoningKnob.None
            : deployment.Reasoning.Budget ? ReasoningKnob.ThinkingConfigBudget
            : ReasoningKnob.ThinkingLevel,
        Efforts = ModelFacts.Efforts(deployment),
        ThinkingBudget = (deployment.Reasoning.BudgetMin, deployment.Reasoning.BudgetMax),
        ThinkingCanBeOff = deployment.Reasoning is { Toggle: true } or { Budget: false } or { BudgetMin: null or 0 },

        // The format has a field for it and nothing else: who is not known to keep to it is checked.
        JsonSchema = deployment.Can(Capabilities.JsonSchema) ? JsonSchemaSupport.Native : JsonSchemaSupport.Unsure,

        // "Function calling with a response mime type: 'application/json' is unsupported" is what models before Gemini 3 answer.
        FormBesideTools = !deployment.CanonicalModel.StartsWith("gemini-2", StringComparison.Ordinal),

        // Gemini 3 and later refuse a call of the current turn that comes back without its signature.
        ThoughtSignatures = !deployment.Reasoning.Budget && !deployment.CanonicalModel.StartsWith("gemini-2", StringComparison.Ordinal),
    };
}
