using Sommelier.Wire.Guards;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAICompletions;

/// <summary>
/// OpenAI's older completions, <c>POST /v1/completions</c>: one prompt, one text. Errors, counts and streams are those of its chat
/// but for the shape of a choice; servers that offer it get the prompt as it is, all others a chat of one turn.
/// </summary>
/// <remarks>Source of the field names: the official SDK (openai 7.57.0).</remarks>
public sealed class OpenAICompletionsFormat : IWireFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "openai-completions";

    private OpenAICompletionsFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static OpenAICompletionsFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public bool OwnCallersOnly => true;

    /// <inheritdoc/>
    public RateLimitDialect RateLimits => RateLimitDialect.OpenAI;

    /// <inheritdoc/>
    public IRequestWire Requests { get; } = new GuardedRequests(new CompletionRequests());

    /// <inheritdoc/>
    public IResponseWire Responses { get; } = new GuardedResponses(new CompletionResponses());

    /// <inheritdoc/>
    public IStreamWire Streams { get; } = new GuardedStreams(new CompletionStreams());

    /// <inheritdoc/>
    public IErrorWire Errors { get; } = new GuardedErrors(new OpenAIChatErrors());
}
