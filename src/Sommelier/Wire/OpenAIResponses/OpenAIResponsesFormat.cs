using Sommelier.Canonical;
using Sommelier.Wire.Guards;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>OpenAI's Responses API, <c>POST /v1/responses</c>, and the servers that follow it.</summary>
/// <remarks>
/// A conversation is a flat list of items: messages, thinking, tool calls and their results. Source of the field names:
/// the official SDK (openai 7.57.0).
/// </remarks>
public sealed class OpenAIResponsesFormat : IWireFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "openai-responses";

    private OpenAIResponsesFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static OpenAIResponsesFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <summary>Images and files have an address, sounds have none.</summary>
    public MediaKind BytesOnly => MediaKind.Audio;

    /// <inheritdoc/>
    public string? SealVendor => Seals.OpenAI;

    /// <inheritdoc/>
    public ToolNameRule? ToolNames { get; } = new(64);

    /// <inheritdoc/>
    public bool LogProbs => true;

    /// <inheritdoc/>
    public RateLimitDialect RateLimits => RateLimitDialect.OpenAI;

    /// <inheritdoc/>
    public IRequestWire Requests { get; } = new GuardedRequests(new OpenAIResponsesRequests());

    /// <inheritdoc/>
    public IResponseWire Responses { get; } = new GuardedResponses(new OpenAIResponsesAnswers());

    /// <inheritdoc/>
    public IStreamWire Streams { get; } = new GuardedStreams(new OpenAIResponsesStreams());

    /// <summary>The same as those of OpenAI's chat format.</summary>
    public IErrorWire Errors { get; } = new GuardedErrors(new OpenAIChatErrors());
}
