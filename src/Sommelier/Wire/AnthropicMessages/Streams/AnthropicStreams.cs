namespace Sommelier.Wire.AnthropicMessages;

/// <inheritdoc cref="IStreamWire"/>
internal sealed class AnthropicStreams : IStreamWire
{
    /// <inheritdoc/>
    public string ContentType => "text/event-stream";

    // As the vendor's own: docs.anthropic.com/en/docs/build-with-claude/streaming
    private static readonly ReadOnlyMemory<byte> Ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8.ToArray();

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> KeepAliveFor(ReplyContext context) => Ping;

    /// <inheritdoc/>
    public StreamDecoder CreateDecoder(WireQuirks quirks) =>
        quirks.FramedEvents ? new FramedDecoder(new AnthropicStreamDecoder(quirks)) : new AnthropicStreamDecoder(quirks);

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => new AnthropicStreamEncoder(context);

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) =>
        quirks.FramedEvents ? new FramedRelay(new AnthropicStreamRelay(context)) : new AnthropicStreamRelay(context);
}
