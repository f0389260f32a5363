namespace Sommelier.Wire.Ollama;

/// <summary>Streams: one JSON object a line.</summary>
internal sealed class OllamaStreams(OllamaShape shape) : IStreamWire
{
    /// <inheritdoc/>
    public string ContentType => "application/x-ndjson";

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.Lines;

    /// <inheritdoc/>
    public StreamDecoder CreateDecoder(WireQuirks quirks) => new OllamaStreamDecoder(shape);

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => new OllamaStreamEncoder(context, shape);

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) => new OllamaStreamRelay(context);
}
