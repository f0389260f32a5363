using Sommelier.Server.Conformance.Scripted;

namespace Sommelier.Server.Conformance.Cases;

/// <summary>Providers that give no answer at all, and say so or not.</summary>
internal static class Refusals
{
    /// <summary>Nobody listens.</summary>
    public static FaultCase Refused { get; } = new("refused", "nobody listens", Duty.Tell, null);

    /// <summary>All others.</summary>
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("closed-at-once", "closes the connection instead of answering", Duty.Tell, (_, _, _) => FaultReply.CloseAtOnce),
        new("reset-at-once", "resets the connection instead of answering", Duty.Tell, (_, _, _) => FaultReply.ResetAtOnce),
        new("late", "takes the request and never answers", Duty.Tell, (_, _, _) => FaultReply.Nothing) { NeedsLimit = true },
        new("not-http", "answers in another protocol", Duty.Tell, (_, _, _) => FaultReply.Raw("SSH-2.0-OpenSSH_9.6\r\n") with { End = FaultEnd.Cut }),
        new("500", "500 with an error", Duty.Tell, (answer, _, _) => FaultReply.Error(500, answer.ErrorFor(500))),
        new("500-html", "500 with a proxy's page", Duty.Tell, (_, _, _) => FaultReply.Html(500)),
        new("503", "503 with an error and a wait", Duty.Tell, (answer, _, _) => FaultReply.Error(503, answer.ErrorFor(503), ("retry-after", "2"))),
        new("429", "429 with a wait of 30 s", Duty.Tell, (answer, _, _) => FaultReply.Error(429, answer.ErrorFor(429), ("retry-after", "30")))
        {
            Tells = static status => status == 429,
            RetryAfter = 30,
        },
        new("401", "refuses the gateway's key", Duty.Tell, (answer, _, _) => FaultReply.Error(401, answer.ErrorFor(401))) { Tells = static status => status is >= 400 and < 600 },
        new("400", "refuses the request", Duty.Tell, (answer, _, _) => FaultReply.Error(400, answer.Rejection("Invalid value for temperature.", "invalid_value")))
        {
            Tells = static status => status is 400 or 422,
        },
        new("error-in-200", "an error as JSON under status 200", Duty.Tell, (answer, _, _) => FaultReply.Json(answer.ErrorBody)),
        new("error-event-first", "a stream that begins with an error", Duty.Tell, (answer, _, _) => FaultReply.Events([answer.ErrorEvent])) { Kinds = AnswerKinds.Streamed },
        new("html-in-200", "a page under status 200", Duty.Tell, (_, _, _) => FaultReply.Html(200)),
        new("not-json", "200 with something that cannot be read", Duty.Tell, (answer, streamed, _) => streamed ? FaultReply.Events([answer.Malformed]) : FaultReply.Json("{oops")),
        new("not-an-answer", "200 with JSON that is no answer", Duty.Tell, (answer, streamed, _) => streamed
            ? FaultReply.Events(["data: {\"hello\":\"world\"}\n\n", answer.StreamEvents[^1]])
            : FaultReply.Json("""{"hello":"world"}""")),
        new("empty", "200 with nothing in it", Duty.Tell, (_, streamed, _) => streamed ? FaultReply.Events([]) : FaultReply.Json("")),
        new("end-mark-only", "a stream of nothing but its end mark", Duty.Tell, (answer, _, _) => FaultReply.Events([answer.StreamEvents[^1]])) { Kinds = AnswerKinds.Streamed },
    ];
}
