using System.Text;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>What the gateway itself may put between the events of a stream, by the stream's media type.</summary>
internal static class StreamMarks
{
    /// <summary>The event, or the type of the line, that says that the answer begins anew.</summary>
    public const string Restart = "sommelier.restart";

    /// <summary>A comment, which readers of server-sent events pass over.</summary>
    public static ReadOnlyMemory<byte> Comment { get; } = ": keep-alive\n\n"u8.ToArray();

    /// <summary>
    /// The mark behind which the answer begins anew: an event, or a line of JSON lines; null where the stream has no place for one
    /// (binary frames, items of one JSON array). <c>choices</c> is for clients of OpenAI that look into every event.
    /// </summary>
    public static byte[]? RestartFor(string contentType, StreamSeam seam)
    {
        var data = $$"""{"type":"{{Restart}}","choices":[],"from":{{JsonBytes.QuotedText(seam.From)}},"to":{{JsonBytes.QuotedText(seam.To)}}}""";
        return contentType switch
        {
            "text/event-stream" => Encoding.UTF8.GetBytes($"event: {Restart}\ndata: {data}\n\n"),
            "application/x-ndjson" => Encoding.UTF8.GetBytes($"{data}\n"),
            _ => null,
        };
    }
}
