using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Mistral. Source: the official SDK (@mistralai/mistralai 2.7.0) and recorded replies.</summary>
public sealed class Mistral : OpenAICompatible
{
    private static readonly FrozenDictionary<string, string> OwnNames =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["seed"] = "random_seed" }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string Name => "mistral";

    /// <inheritdoc/>
    public override string TelemetryName => "mistral_ai";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.mistral.ai/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["MISTRAL_API_KEY"];

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } =
        ModelFacts.Names("store", "top_k", "user", "logit_bias", "logprobs", "top_logprobs");

    /// <inheritdoc/>
    protected override WireQuirks EmbeddingsQuirks { get; } = new()
    {
        Unsupported = ModelFacts.Names("user"),
        Renamed = new Dictionary<string, string>(StringComparer.Ordinal) { ["dimensions"] = "output_dimension" }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    /// <summary>Usage rides in the chunk with the finish reason; a tool is forced with <c>any</c>, never by name.</summary>
    protected override WireQuirks ChatQuirks(Deployment deployment) => base.ChatQuirks(deployment) with
    {
        Renamed = OwnNames,
        MaxTemperature = 1.5,
        StreamUsage = StreamUsageRule.Always,
        ToolChoiceRequired = "any",
        ToolChoiceNamed = false,
        ToolCallIdLength = 9,
    };
}
