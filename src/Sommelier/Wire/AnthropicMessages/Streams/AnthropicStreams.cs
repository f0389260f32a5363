namespace Sommelier.Wire.AnthropicMessages;

/// <inheritdoc cref="IStreamWire"/>
internal sealed class AnthropicStreams : IStreamWire
{
    /// <inheritdoc/>
    public string ContentType => "text/event-stream";

    /// <inheritdoc/>
    public StreamDecoder CreateDecoder(WireQuirks quirks) =>
        quirks.FramedEvents ? new FramedDecoder(new AnthropicStreamDecoder(quirks)) : new AnthropicStreamDecoder(quirks);

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => new AnthropicStreamEncoder(context);

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) =>
        quirks.FramedEvents ? new FramedRelay(new AnthropicStreamRelay(context)) : new AnthropicStreamRelay(context);
}
