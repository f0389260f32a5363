namespace Sommelier.Wire.Guards;

/// <summary>Streams of a format, with <see cref="BrokenText"/> told as the vendor's failure.</summary>
internal sealed class GuardedStreams(IStreamWire inner) : IStreamWire
{
    /// <inheritdoc/>
    public string ContentType => inner.ContentType;

    /// <inheritdoc/>
    public StreamFraming Framing => inner.Framing;

    /// <inheritdoc/>
    public string ContentTypeFor(ReplyContext context) => inner.ContentTypeFor(context);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> KeepAliveFor(ReplyContext context) => inner.KeepAliveFor(context);

    /// <inheritdoc/>
    public StreamDecoder CreateDecoder(WireQuirks quirks) => new GuardedDecoder(inner.CreateDecoder(quirks));

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => new GuardedEncoder(inner.CreateEncoder(context));

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) => new GuardedRelay(inner.CreateRelay(quirks, context));
}
