using Sommelier.Wire.Guards;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Anthropic's Messages API, version 2023-06-01 and 2026-10-21: <c>POST /v1/messages</c>.</summary>
internal sealed class AnthropicMessagesFormat : IWireFormat
{
    /// <summary>The format's name.</summary>
    public const string FormatName = "anthropic-messages";

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
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; } = [new("anthropic-version", "2023-06-01")];

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
