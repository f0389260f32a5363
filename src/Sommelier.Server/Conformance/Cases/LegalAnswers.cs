using System.IO.Compression;
using System.Text;
using Sommelier.Server.Conformance.Scripted;

namespace Sommelier.Server.Conformance.Cases;

/// <summary>Right answers, some of them in a form that is rarely seen.</summary>
internal static class LegalAnswers
{
    private const int LargeLength = 8 * 1024 * 1024;
    private static readonly string Large = new('x', LargeLength);

    /// <summary>All of them; the plain one is first.</summary>
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("plain", "answers as it should", Duty.Answer, (answer, streamed, _) => answer.Reply(streamed)),
        new("one-piece", "sends the whole stream at once", Duty.Answer, (answer, _, _) => FaultReply.Events([string.Concat(answer.StreamEvents)])) { Kinds = AnswerKinds.Streamed },
        new("byte-by-byte", "sends each byte by itself", Duty.Answer, (answer, streamed, _) => answer.Reply(streamed).ByteByByte()),
        new("slowly", "sends 16 bytes each 10 ms", Duty.Answer, (answer, streamed, _) => Slowly(answer.Reply(streamed))),
        new("http-1.0", "answers in HTTP/1.0, ended by the end of the connection", Duty.Answer, (answer, streamed, _) => answer.Reply(streamed) with { Http10 = true, Framing = BodyFraming.Close }),
        new("close-delimited", "ends the answer with the connection", Duty.Answer, (answer, streamed, _) => answer.Reply(streamed) with { Framing = BodyFraming.Close }),
        new("counted", "sends a stream with a Content-Length", Duty.Answer, (answer, _, _) => answer.Reply(true) with { Framing = BodyFraming.ContentLength }) { Kinds = AnswerKinds.Streamed },
        new("chunked", "sends a whole answer in chunks", Duty.Answer, (answer, _, _) => answer.Reply(false) with { Framing = BodyFraming.Chunked }) { Kinds = AnswerKinds.Whole },
        new("chunk-extensions", "writes extensions behind the sizes of chunks", Duty.Answer, (answer, streamed, _) => FaultReply.Raw(
            [RawReply.Head(streamed), .. RawReply.Pieces(answer, streamed).Select(piece => RawReply.Chunk(piece, ";seen=\"1\"")), "0\r\n\r\n"])),
        new("trailers", "sends headers after the body", Duty.Answer, (answer, streamed, _) => FaultReply.Raw(
            [RawReply.Head(streamed, "Trailer: x-checksum\r\n"), .. RawReply.Pieces(answer, streamed).Select(RawReply.Chunk), "0\r\nx-checksum: 1\r\n\r\n"])),
        new("early-hints", "sends an interim reply (103) first", Duty.Answer, (answer, streamed, _) => FaultReply.Raw(
            "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" + RawReply.Of(answer, streamed))),
        new("duplicate-headers", "sends headers twice", Duty.Answer, (answer, streamed, _) => answer.Reply(streamed) with
        {
            Headers = [KeyValuePair.Create("X-Request-Id", "1"), KeyValuePair.Create("X-Request-Id", "2"), KeyValuePair.Create("Vary", "Origin"), KeyValuePair.Create("Vary", "Accept")],
        }),
        new("wrong-type", "calls it text/plain", Duty.AnswerOrTell, (answer, streamed, _) => answer.Reply(streamed) with { ContentType = "text/plain" }),
        new("gzip", "compresses it, asked or not", Duty.AnswerOrTell, (answer, streamed, _) => Gzip(answer.Reply(streamed))),
        new("large", "sends 8 MB in one event, or one whole answer", Duty.Answer, (answer, streamed, _) => Said(answer.Reply(streamed), Large)) { Text = Large + " world!" },
        new("crlf-lines", "ends lines with CR LF", Duty.Answer, (answer, _, _) => Each(answer, static piece => piece.Replace("\n", "\r\n", StringComparison.Ordinal))) { Kinds = AnswerKinds.Streamed },
        new("cr-lines", "ends lines with CR", Duty.Answer, (answer, _, _) => Each(answer, static piece => piece.Replace('\n', '\r'))) { Kinds = AnswerKinds.Streamed },
        new("byte-order-mark", "begins the stream with a byte order mark", Duty.Answer, (answer, _, _) => FaultReply.Events(["\uFEFF", .. answer.StreamEvents])) { Kinds = AnswerKinds.Streamed },
        new("comments", "sends comments between the events", Duty.Answer, (answer, _, _) => Each(answer, static piece => ": working\n\n" + piece)) { Kinds = AnswerKinds.Streamed },
        new("no-space", "leaves out the space after 'data:'", Duty.Answer, (answer, _, _) => Each(answer, static piece => piece.Replace("data: ", "data:", StringComparison.Ordinal))) { Kinds = AnswerKinds.Streamed },
        new("other-fields", "adds ids, retry times and unknown fields to events", Duty.Answer, (answer, _, _) => Each(answer, static piece => "id: 7\nretry: 500\nx-vendor: 1\n" + piece)) { Kinds = AnswerKinds.Streamed },
        new("data-in-two-lines", "writes the data of an event in two lines", Duty.Answer, (answer, _, _) => Each(answer, TwoLines)) { Kinds = AnswerKinds.Streamed },
    ];

    private static FaultReply Each(ScriptedAnswer answer, Func<string, string> change) => FaultReply.Events(answer.StreamEvents.Select(change));

    // Between two members of the event's JSON, where a line break is a blank.
    private static string TwoLines(string piece) => piece.IndexOf(",\"", StringComparison.Ordinal) is var at and >= 0
        ? piece[..(at + 1)] + "\ndata: " + piece[(at + 1)..]
        : piece;

    private static FaultReply Slowly(FaultReply reply) => reply with
    {
        Pieces = [.. string.Concat(reply.Pieces).Chunk(16).Select(piece => new string(piece))],
        Pause = TimeSpan.FromMilliseconds(10),
    };

    private static FaultReply Said(FaultReply reply, string hello) => reply with
    {
        Pieces = [.. reply.Pieces.Select(piece => piece.Replace("\"Hello", "\"" + hello, StringComparison.Ordinal))],
    };

    private static FaultReply Gzip(FaultReply reply)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(reply.Pieces)));
        }

        return reply with { Pieces = [Encoding.Latin1.GetString(packed.ToArray())], Binary = true, Headers = [KeyValuePair.Create("Content-Encoding", "gzip")] };
    }
}
