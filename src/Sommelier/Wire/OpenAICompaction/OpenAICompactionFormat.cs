using Sommelier.Wire.Guards;
using Sommelier.Wire.OpenAIChat;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Wire.OpenAICompaction;

/// <summary>
/// OpenAI's compaction, <c>POST /v1/responses/compact</c>: a conversation of the Responses API in, a shorter one out, whose
/// summary only its vendor can read. Passed on to servers of the Responses API; nobody else can make one.
/// </summary>
/// <remarks>Source of the field names: the official SDK (openai 7.57.0).</remarks>
public sealed class OpenAICompactionFormat : IWireFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "openai-compaction";

    private OpenAICompactionFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static OpenAICompactionFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public bool OwnCallersOnly => true;

    /// <inheritdoc/>
    public FormatBelow? Below { get; } = new(
        OpenAIResponsesFormat.FormatName, "compact",
        "makes no compaction, which is readable to its vendor only. Name a model of a provider that speaks OpenAI's responses and compacts, e.g. openai/MODEL, or send a shorter conversation.");

    /// <inheritdoc/>
    public RateLimitDialect RateLimits => RateLimitDialect.OpenAI;

    /// <inheritdoc/>
    public IRequestWire Requests { get; } = new GuardedRequests(new CompactionRequests());

    /// <summary>An object with an output and usage, as a response is.</summary>
    public IResponseWire Responses { get; } = new GuardedResponses(new OpenAIResponsesAnswers());

    /// <inheritdoc/>
    public IStreamWire Streams { get; } = new GuardedStreams(NoStreams.Instance);

    /// <inheritdoc/>
    public IErrorWire Errors { get; } = new GuardedErrors(new OpenAIChatErrors());
}
