using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Any server that follows Anthropic's messages format, by configuration alone; the base of Anthropic's own.</summary>
public class AnthropicCompatible : Provider
{
    // Models after Opus 4.6 answer 400 to a temperature other than 1, a top_p under 0.99 and any top_k.
    private static readonly FrozenSet<string> Sampling = ModelFacts.Names("temperature", "top_p", "top_k");

    /// <inheritdoc/>
    public override string Name => "anthropic-compatible";

    /// <summary>Nobody knows what a server by configuration alone keeps; the kinds that are known say it themselves.</summary>
    public override bool ReadsFileIds => GetType() == typeof(AnthropicCompatible);

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(AnthropicMessages, "v1/messages")];

    /// <inheritdoc/>
    public override AuthScheme Auth => AuthScheme.XApiKey;

    /// <summary>For its list of models; requests carry it by their format.</summary>
    public override IReadOnlyList<KeyValuePair<string, string>> Headers { get; } = [new("anthropic-version", "2023-06-01")];

    /// <inheritdoc/>
    public override string? ModelsPath => "v1/models";

    /// <inheritdoc/>
    public override WireQuirks Quirks(Deployment deployment, string format) => Of(deployment);

    /// <summary>The quirks of a Claude model, wherever it is served.</summary>
    internal static WireQuirks Of(Deployment deployment) => new()
    {
        MaxTemperature = 1,
        Unsupported = ModelFacts.Lacks(deployment, Capabilities.Temperature) ? Sampling : FrozenSet<string>.Empty,
        JsonSchema = ModelFacts.JsonSchema(deployment),
        Reasoning = Reasoning(deployment),
        Efforts = ModelFacts.Efforts(deployment),
        WebSearch = false,
    };

    /// <summary>A budget where the model takes one, else an effort; a model of which nothing is known is taken for a new one.</summary>
    private static ReasoningKnob Reasoning(Deployment deployment) =>
        deployment.Reasoning.Budget ? ReasoningKnob.ThinkingBudget
        : ModelFacts.Lacks(deployment, Capabilities.Reasoning) ? ReasoningKnob.None
        : ReasoningKnob.OutputEffort;
}
