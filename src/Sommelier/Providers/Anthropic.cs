using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Anthropic. Source: the official SDK (@anthropic-ai/sdk 0.137.0, 1.0.0 and 1.12.0).</summary>
public sealed class Anthropic : AnthropicCompatible
{
    /// <inheritdoc/>
    public override string Name => "anthropic";

    /// <inheritdoc/>
    public override bool ReadsFileIds => true;

    /// <inheritdoc/>
    public override bool KeepsThreads => true;

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.anthropic.com/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["ANTHROPIC_API_KEY"];

    /// <inheritdoc/>
    public override WireQuirks Quirks(Deployment deployment, string format) => base.Quirks(deployment, format) with { WebSearch = true };
}
