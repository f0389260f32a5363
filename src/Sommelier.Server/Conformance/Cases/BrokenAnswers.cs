using Sommelier.Server.Conformance.Scripted;

namespace Sommelier.Server.Conformance.Cases;

/// <summary>Answers that begin well and do not end so. A streamed one breaks when the caller has its beginning.</summary>
internal static class BrokenAnswers
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("cut-early", "closes the connection before the first content", Duty.Tell, (answer, streamed, _) => streamed ? answer.Cut(0) : answer.Half(FaultEnd.Cut)),
        new("stall-early", "falls silent before the first content", Duty.Tell, (answer, streamed, _) => streamed ? answer.Cut(0, FaultEnd.Hang) : answer.Half(FaultEnd.Hang)) { NeedsLimit = true },
        new("keep-alives-only", "sends comments, or blanks before the JSON, for ever", Duty.Tell, (_, streamed, _) => (streamed ? FaultReply.Events([": working\n\n"]) : FaultReply.Json(" ") with { Framing = BodyFraming.Chunked }) with
        {
            End = FaultEnd.Repeat,
            Pause = TimeSpan.FromMilliseconds(50),
        }) { NeedsLimit = true },
        new("cut", "closes the connection between two events", Duty.Tell, (answer, _, seen) => answer.Gated(answer.Cut(2), seen)) { Kinds = AnswerKinds.Streamed },
        new("cut-in-event", "closes the connection within an event", Duty.Tell, (answer, _, seen) => answer.Gated(Within(answer, FaultEnd.Cut), seen)) { Kinds = AnswerKinds.Streamed },
        new("reset", "resets the connection in the middle", Duty.Tell, (answer, streamed, seen) => streamed ? answer.Gated(answer.Cut(2, FaultEnd.Reset), seen) : answer.Half(FaultEnd.Reset)),
        new("half-closed", "stops sending in the middle and leaves the connection open", Duty.Tell, (answer, streamed, seen) => streamed ? answer.Gated(answer.Cut(2, FaultEnd.HalfClose), seen) : answer.Half(FaultEnd.HalfClose)),
        new("stall", "falls silent in the middle", Duty.Tell, (answer, _, seen) => answer.Gated(answer.Cut(2, FaultEnd.Hang), seen)) { Kinds = AnswerKinds.Streamed, NeedsLimit = true },
        new("stall-in-event", "falls silent within an event", Duty.Tell, (answer, _, seen) => answer.Gated(Within(answer, FaultEnd.Hang), seen)) { Kinds = AnswerKinds.Streamed, NeedsLimit = true },
        new("no-end-mark", "ends properly by HTTP, but in the middle of the answer", Duty.Tell, (answer, _, seen) => answer.Gated(answer.WithoutEnd(2), seen)) { Kinds = AnswerKinds.Streamed },
        new("half-json", "ends properly by HTTP, but in the middle of the JSON", Duty.Tell, (answer, _, _) => FaultReply.Json(answer.HalfBody)) { Kinds = AnswerKinds.Whole },
        new("closed-by-half", "ends in the middle of an answer whose length was not said", Duty.Tell, (answer, streamed, seen) => streamed
            ? answer.Gated(answer.WithoutEnd(2) with { Framing = BodyFraming.Close }, seen)
            : FaultReply.Json(answer.HalfBody) with { Framing = BodyFraming.Close }),
        new("malformed", "sends an event that cannot be read, and goes on", Duty.Tell, (answer, _, seen) => answer.Gated(answer.With(answer.Malformed, 2), seen)) { Kinds = AnswerKinds.Streamed },
        new("error-event", "reports an error in the middle, and goes on", Duty.Tell, (answer, _, seen) => answer.Gated(answer.With(answer.ErrorEvent, 2), seen)) { Kinds = AnswerKinds.Streamed },
        new("garbage-after-json", "sends more after the JSON of the answer", Duty.Tell, (answer, _, _) => FaultReply.Json(answer.WholeBody + "}{\"oops\":")) { Kinds = AnswerKinds.Whole },
        new("garbage-after-end", "sends an event that cannot be read after the end mark", Duty.AnswerOrTell, (answer, _, _) => FaultReply.Events([.. answer.StreamEvents, answer.Malformed])) { Kinds = AnswerKinds.Streamed },
    ];

    private static FaultReply Within(ScriptedAnswer answer, FaultEnd end)
    {
        var next = answer.StreamEvents[answer.First(2).Count()];
        return answer.Cut(2, end) with { Pieces = [.. answer.First(2), next[..(next.Length * 2 / 3)]] };
    }
}
