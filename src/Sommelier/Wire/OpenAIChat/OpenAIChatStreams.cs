namespace Sommelier.Wire.OpenAIChat;

/// <summary>Streamed answers.</summary>
internal sealed class OpenAIChatStreams : IStreamWire
{
    /// <inheritdoc/>
    public string ContentType => "text/event-stream";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> KeepAliveFor(ReplyContext context) => StreamMarks.Comment;

    /// <inheritdoc/>
    public StreamDecoder CreateDecoder(WireQuirks quirks) => new OpenAIChatDecoder(quirks);

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => new OpenAIChatEncoder(context);

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) => new OpenAIChatRelay(quirks, context);
}
