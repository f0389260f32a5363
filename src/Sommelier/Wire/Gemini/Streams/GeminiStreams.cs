using Sommelier.Canonical;

namespace Sommelier.Wire.Gemini;

/// <summary>Streams: events of the server, or one JSON array whose items come as they are made.</summary>
internal sealed class GeminiStreams : IStreamWire
{
    /// <inheritdoc/>
    public string ContentType => "text/event-stream";

    /// <inheritdoc/>
    public string ContentTypeFor(ReplyContext context) => context.Path.Framing is CallPath.JsonArray ? "application/json" : ContentType;

    /// <inheritdoc/>
    public StreamDecoder CreateDecoder(WireQuirks quirks) => new GeminiStreamDecoder();

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => new GeminiStreamEncoder(context);

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) => new GeminiStreamRelay(context);
}
