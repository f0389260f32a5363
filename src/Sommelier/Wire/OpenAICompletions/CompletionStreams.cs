using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAICompletions;

/// <summary>Streamed answers: read and relayed like chat's, which knows the shape of a choice with text too.</summary>
internal sealed class CompletionStreams : IStreamWire
{
    /// <inheritdoc/>
    public string ContentType => "text/event-stream";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> KeepAliveFor(ReplyContext context) => StreamMarks.Comment;

    /// <inheritdoc/>
    public StreamDecoder CreateDecoder(WireQuirks quirks) => new OpenAIChatDecoder(quirks);

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => new CompletionEncoder(context);

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) => new OpenAIChatRelay(quirks, context);
}
