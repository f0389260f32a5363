using Sommelier.Canonical;
using Sommelier.Wire.Guards;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// OpenAI's chat completions, and the many servers that follow it. How a server departs from OpenAI is data:
/// <see cref="WireQuirks"/>.
/// </summary>
public sealed class OpenAIChatFormat : IWireFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "openai-chat";

    private OpenAIChatFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static OpenAIChatFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <summary>A file is its data or its id. Servers that follow OpenAI read <c>audio_url</c> and <c>video_url</c>; OpenAI reads no sound by address.</summary>
    public MediaKind BytesOnly => MediaKind.Audio | MediaKind.Document;

    /// <summary>OpenAI's files are PDF: it refuses a text as one.</summary>
    public bool TextDocuments => false;

    /// <inheritdoc/>
    public string? RequestIdHeader => "x-request-id";

    /// <inheritdoc/>
    public ToolNameRule? ToolNames { get; } = new(64);

    /// <inheritdoc/>
    public bool LogProbs => true;

    /// <inheritdoc/>
    public RateLimitDialect RateLimits => RateLimitDialect.OpenAI;

    /// <inheritdoc/>
    public IRequestWire Requests { get; } = new GuardedRequests(new OpenAIChatRequests());

    /// <inheritdoc/>
    public IResponseWire Responses { get; } = new GuardedResponses(new OpenAIChatResponses());

    /// <inheritdoc/>
    public IStreamWire Streams { get; } = new GuardedStreams(new OpenAIChatStreams());

    /// <inheritdoc/>
    public IErrorWire Errors { get; } = new GuardedErrors(new OpenAIChatErrors());
}
