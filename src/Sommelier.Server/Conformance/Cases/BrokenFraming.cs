using Sommelier.Server.Conformance.Scripted;

namespace Sommelier.Server.Conformance.Cases;

/// <summary>Replies that break the rules of HTTP (RFC 9112 §6, §7) about where a body ends.</summary>
internal static class BrokenFraming
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("length-too-short", "says a Content-Length that ends in the middle of the answer", Duty.Tell, (answer, streamed, _) => Counted(answer, streamed) with
        {
            DeclaredLength = streamed ? answer.First(2).Sum(piece => piece.Length) : answer.HalfBody.Length,
            End = FaultEnd.Cut,
        }),
        new("length-too-long", "says a Content-Length that is never reached", Duty.AnswerOrTell, (answer, streamed, _) => Counted(answer, streamed) with
        {
            DeclaredLength = Counted(answer, streamed).Pieces.Sum(piece => piece.Length) + 10,
            End = FaultEnd.Cut,
        }),
        new("length-never-reached", "says a Content-Length, sends half of it and falls silent", Duty.Tell, (answer, streamed, _) => Counted(answer, streamed) with
        {
            Pieces = streamed ? [.. answer.First(2)] : [answer.HalfBody],
            DeclaredLength = 100_000,
            End = FaultEnd.Hang,
        }) { NeedsLimit = true },
        new("two-lengths", "says two Content-Lengths", Duty.AnswerOrTell, (answer, streamed, _) => Counted(answer, streamed) with { Headers = [SevenBytes] }),
        new("length-and-chunks", "says a Content-Length and sends chunks", Duty.AnswerOrTell, (answer, streamed, _) => Chunked(answer, streamed) with { Headers = [SevenBytes] }),
        new("chunk-size-no-number", "sends a chunk whose size is no number", Duty.Tell, (answer, streamed, seen) => Misframed(answer, streamed, "zz\r\n", seen)),
        new("chunk-size-too-large", "sends a chunk size that no integer holds", Duty.Tell, (answer, streamed, seen) => Misframed(answer, streamed, "fffffffffffffffff\r\n", seen)),
        new("chunk-longer-than-said", "sends more in a chunk than its size says", Duty.Tell, (answer, streamed, seen) => Misframed(answer, streamed, "2\r\nabcdef\r\n", seen)),
        new("no-last-chunk", "closes the connection where the last chunk should be", Duty.AnswerOrTell, (answer, streamed, _) => Chunked(answer, streamed) with { End = FaultEnd.Cut }),
        new("second-reply", "appends a reply that nobody asked for", Duty.AnswerOrTell, (answer, streamed, _) => FaultReply.Raw(
            RawReply.Of(answer, streamed) + RawReply.Of(answer, streamed).Replace("Hello", "Stole", StringComparison.Ordinal))) { AsksAgain = true },
    ];

    private static KeyValuePair<string, string> SevenBytes => KeyValuePair.Create("Content-Length", "7");

    private static FaultReply Chunked(ScriptedAnswer answer, bool streamed) => answer.Reply(streamed) with { Framing = BodyFraming.Chunked };

    private static FaultReply Counted(ScriptedAnswer answer, bool streamed) => answer.Reply(streamed) with { Framing = BodyFraming.ContentLength };

    // Half of the answer in good chunks, the bad one, and a good end, so that nothing but the bad chunk is wrong.
    private static FaultReply Misframed(ScriptedAnswer answer, bool streamed, string bad, Task seen)
    {
        string[] good = streamed ? [.. answer.First(2)] : [answer.HalfBody];
        var reply = FaultReply.Raw([RawReply.Head(streamed), .. good.Select(RawReply.Chunk), bad, "0\r\n\r\n"]);
        return streamed ? reply with { GateBefore = good.Length + 1, Gate = seen } : reply;
    }
}
