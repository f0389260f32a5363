using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Perplexity's Sonar. Source: its documentation and recorded replies.</summary>
public sealed class Perplexity : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "perplexity";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.perplexity.ai/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["PERPLEXITY_API_KEY"];

    /// <summary>No embeddings.</summary>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions")];

    /// <inheritdoc/>
    public override string? ModelsPath => null;

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } = ModelFacts.Names("store", "n", "seed", "logit_bias", "logprobs", "top_logprobs", "user");

    /// <summary>Every chunk carries the counts so far, and the last one ends the stream without a mark.</summary>
    protected override WireQuirks ChatQuirks(Deployment deployment) =>
        base.ChatQuirks(deployment) with { StreamUsage = StreamUsageRule.Always, DoneMark = false, ToolChoice = false };
}
