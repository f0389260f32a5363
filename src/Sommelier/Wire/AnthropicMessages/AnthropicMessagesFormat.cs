using Sommelier.Canonical;
using Sommelier.Wire.Guards;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Anthropic's Messages API, version 2023-06-01 and 2026-10-21: <c>POST /v1/messages</c>.</summary>
internal sealed class AnthropicMessagesFormat : IWireFormat
{
    /// <summary>The format's name.</summary>
    public const string FormatName = "anthropic-messages";

    private const string Version = "anthropic-version";
    private const string FirstVersion = "2023-06-01";

    /// <summary>The one instance.</summary>
    public static AnthropicMessagesFormat Instance { get; } = new();

    private AnthropicMessagesFormat()
    {
    }

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public string? SealVendor => Seals.Anthropic;

    /// <summary>The version of what is written here.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; } = [new(Version, FirstVersion)];

    /// <summary>Not a newer version beside sampling parameters: from 2026-10-21 on they are refused at every model, even with their defaults.</summary>
    /// <remarks>Source: the vendor's list of versions (platform.claude.com/docs/en/api/versioning). The first version takes all that the newer one takes.</remarks>
    public bool Forwards(KeyValuePair<string, string> header, RequestOutline request) =>
        !string.Equals(header.Key, Version, StringComparison.OrdinalIgnoreCase)
        || string.Equals(header.Value, FirstVersion, StringComparison.Ordinal)
        || (request.Member("temperature") ?? request.Member("top_p") ?? request.Member("top_k")) is null;

    /// <inheritdoc/>
    public string? RequestIdHeader => "request-id";

    /// <inheritdoc/>
    public ToolNameRule? ToolNames { get; } = new(128);

    /// <inheritdoc/>
    public RateLimitDialect RateLimits => RateLimitDialect.Anthropic;

    /// <inheritdoc/>
    public IRequestWire Requests { get; } = new GuardedRequests(new AnthropicRequests());

    /// <inheritdoc/>
    public IResponseWire Responses { get; } = new GuardedResponses(new AnthropicResponses());

    /// <inheritdoc/>
    public IStreamWire Streams { get; } = new GuardedStreams(new AnthropicStreams());

    /// <inheritdoc/>
    public IErrorWire Errors { get; } = new GuardedErrors(new AnthropicErrors());
}
