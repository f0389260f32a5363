namespace Sommelier.Wire;

/// <summary>Reads, writes and relays streamed answers of one wire format.</summary>
public interface IStreamWire
{
    /// <summary>The media type of a stream, e.g. <c>text/event-stream</c>.</summary>
    string ContentType { get; }

    /// <summary>How a stream is cut into pieces. Default: server-sent events.</summary>
    StreamFraming Framing => StreamFraming.Events;

    /// <summary>The media type of the stream that a caller gets: <see cref="ContentType"/>, unless the caller chose another framing.</summary>
    string ContentTypeFor(ReplyContext context) => ContentType;

    /// <summary>What keeps a silent stream of a caller alive, between events; empty where clients of the format know nothing that they pass over.</summary>
    ReadOnlyMemory<byte> KeepAliveFor(ReplyContext context) => default;

    /// <summary>A new reader of one stream.</summary>
    StreamDecoder CreateDecoder(WireQuirks quirks);

    /// <summary>A new writer of one stream.</summary>
    StreamEncoder CreateEncoder(ReplyContext context);

    /// <summary>A new relay of one stream of this format to a caller of this format.</summary>
    StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context);
}
