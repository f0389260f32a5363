using System.Globalization;
using Sommelier.Server.Conformance.Scripted;

namespace Sommelier.Server.Conformance.Cases;

/// <summary>Replies written out, head and chunks, for cases in which these are what matters.</summary>
internal static class RawReply
{
    /// <summary>The head of a reply in chunks; further header lines end with CRLF each.</summary>
    public static string Head(bool streamed, string more = "") =>
        $"HTTP/1.1 200 OK\r\nContent-Type: {(streamed ? "text/event-stream" : "application/json")}\r\nTransfer-Encoding: chunked\r\n{more}\r\n";

    /// <summary>One chunk of ASCII text.</summary>
    public static string Chunk(string text) => Chunk(text, "");

    /// <summary>One chunk of ASCII text, with something behind its size.</summary>
    public static string Chunk(string text, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{text.Length:x}{extension}\r\n{text}\r\n");

    /// <summary>The pieces of a right answer.</summary>
    public static IReadOnlyList<string> Pieces(ScriptedAnswer answer, bool streamed) => streamed ? answer.StreamEvents : [answer.WholeBody];

    /// <summary>A right answer, all of it.</summary>
    public static string Of(ScriptedAnswer answer, bool streamed) =>
        Head(streamed) + string.Concat(Pieces(answer, streamed).Select(Chunk)) + "0\r\n\r\n";
}
