using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.LangGraph;

/// <summary>
/// A LangGraph agent server as an upstream: the "model" is an assistant (a graph's name), a call is one run of it.
/// </summary>
/// <remarks>
/// Runs are stateless (<c>runs/wait</c>, <c>runs/stream</c>), since a caller's conversation comes whole with every request,
/// unless the caller names a thread in <c>metadata.thread_id</c>: the thread is made if need be, and is sent what follows the
/// last answer in the request, because it adds all that it is sent to what it already holds. Sources: the types of @langchain/langgraph-sdk 1.15 and what @langchain/langgraph-api 2.0 answers.
/// </remarks>
internal sealed class LangGraphFormat : UpstreamOnlyFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "langgraph";

    private LangGraphFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static LangGraphFormat Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => FormatName;

    /// <inheritdoc/>
    public override void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        LangGraphRequestWriter.Write(request, target, output, warnings);

    /// <inheritdoc/>
    public override ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks) => LangGraphResponseReader.Read(body);

    /// <inheritdoc/>
    public override StreamDecoder CreateDecoder(WireQuirks quirks) => new LangGraphDecoder();

    /// <inheritdoc/>
    /// <remarks>
    /// The Python server answers as FastAPI does (<c>{"detail":…}</c>), the JavaScript server in plain text or with a list of
    /// issues: shapes that the reader of the followers of OpenAI knows.
    /// </remarks>
    public override UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        OpenAIChatFormat.Instance.Errors.Read(status, headers, body, now);
}
