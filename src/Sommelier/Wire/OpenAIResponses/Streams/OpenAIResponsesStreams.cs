namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Streamed answers: events whose order and numbers tell the whole story of each item. The last one is the end mark.</summary>
internal sealed class OpenAIResponsesStreams : IStreamWire
{
    /// <inheritdoc/>
    public string ContentType => "text/event-stream";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> KeepAliveFor(ReplyContext context) => StreamMarks.Comment;

    /// <inheritdoc/>
    public StreamDecoder CreateDecoder(WireQuirks quirks) => new OpenAIResponsesDecoder(quirks);

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => new OpenAIResponsesEncoder(context);

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) => new OpenAIResponsesRelay(quirks, context);
}
