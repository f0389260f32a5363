using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>
/// Chat clients (<c>Microsoft.Extensions.AI.IChatClient</c>) of the very program that embeds the gateway: each is a model of this
/// provider under the name by which the program hands it over, see <c>EmbeddedGatewayOptions.ChatClients</c>.
/// </summary>
/// <remarks>
/// Nothing goes over the network: <c>Upstream/InProcess</c> answers in its place, and the address is of a domain that cannot
/// exist (RFC 6761). Prices, windows and capabilities are the configuration's to tell, as for any server of one's own.
/// </remarks>
public sealed class InProcess : OpenAICompatible
{
    /// <summary>The provider's name, the prefix of its models' ids.</summary>
    public const string ProviderName = "in-process";

    /// <summary>The host of its address, by which its requests are known.</summary>
    internal const string Host = "in-process.invalid";

    /// <inheritdoc/>
    public override string Name => ProviderName;

    /// <inheritdoc/>
    public override bool ReadsFileIds => true;

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new($"https://{Host}/");

    /// <inheritdoc/>
    public override AuthScheme Auth => AuthScheme.None;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions")];

    /// <inheritdoc/>
    public override string? ModelsPath => null;

    /// <summary>What the interface has no word for.</summary>
    protected override FrozenSet<string> Unsupported { get; } = ModelFacts.Names("store", "n", "logprobs", "top_logprobs", "logit_bias");

    /// <summary>Thinking goes back to the client, which knows what its model wants of it.</summary>
    protected override WireQuirks ChatQuirks(Deployment deployment) => base.ChatQuirks(deployment) with { ReasoningReplayField = "reasoning_content" };
}
