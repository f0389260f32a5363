using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Groq. Source: the official SDK (groq-sdk 1.6.0) and recorded replies.</summary>
public sealed class Groq : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "groq";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.groq.com/openai/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["GROQ_API_KEY"];

    /// <inheritdoc/>
    protected override string MaxTokensField => "max_completion_tokens";

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } = ModelFacts.Names("store", "top_k", "n", "logit_bias", "logprobs", "top_logprobs");

    /// <summary>Usage rides in the chunk with the finish reason, asked for or not.</summary>
    protected override WireQuirks ChatQuirks(Deployment deployment) =>
        base.ChatQuirks(deployment) with { StreamUsage = StreamUsageRule.Always };
}
