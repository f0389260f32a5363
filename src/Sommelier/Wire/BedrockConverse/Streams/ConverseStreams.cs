namespace Sommelier.Wire.BedrockConverse;

/// <summary>Streams: binary frames with checksums, each an event.</summary>
internal sealed class ConverseStreams : IStreamWire
{
    /// <inheritdoc/>
    public string ContentType => "application/vnd.amazon.eventstream";

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.Frames;

    /// <inheritdoc/>
    public StreamDecoder CreateDecoder(WireQuirks quirks) => new ConverseStreamDecoder(quirks);

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => new ConverseStreamEncoder(context);

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) => new ConverseStreamRelay(context);
}
