using Sommelier.TestKit;

namespace Sommelier.Server.Tests.Faults;

/// <summary>The faults that docs/faults.md promises something about, as a provider of either dialect would play them.</summary>
internal static class FaultScripts
{
    /// <summary>Nobody listens: no script.</summary>
    public const string Refused = "refused";

    /// <summary>Every fault by its name. The gate opens when the caller has the first content.</summary>
    public static IReadOnlyDictionary<string, Func<ScriptedAnswer, bool, Task, FaultReply>> All { get; } = new Dictionary<string, Func<ScriptedAnswer, bool, Task, FaultReply>>(StringComparer.Ordinal)
    {
        ["429"] = (answer, _, _) => FaultReply.Error(429, answer.ErrorFor(429), ("retry-after", "30")),
        ["529"] = (answer, _, _) => FaultReply.Error(529, answer.ErrorFor(529)),
        ["500-html"] = (_, _, _) => FaultReply.Html(500),
        ["401"] = (answer, _, _) => FaultReply.Error(401, answer.ErrorFor(401)),
        ["400"] = (answer, _, _) => FaultReply.Error(400, Rejection(answer, "Invalid value for temperature.", "invalid_value")),
        ["overflow"] = (answer, _, _) => FaultReply.Error(400, Rejection(answer, "prompt is too long: 9000 tokens > 8192 maximum", "context_length_exceeded")),
        ["filter"] = (answer, _, _) => FaultReply.Error(400, Rejection(answer, "Output blocked by content filtering policy", "content_filter")),
        ["error-in-200"] = (answer, _, _) => FaultReply.Json(answer.ErrorBody),
        ["empty"] = (answer, streamed, _) => streamed ? FaultReply.Events([]) : FaultReply.Json(answer.EmptyBody),
        ["html-in-200"] = (_, _, _) => FaultReply.Html(200),
        ["wrong-type"] = (answer, streamed, _) => answer.Reply(streamed) with { ContentType = "text/plain" },
        ["not-json"] = (answer, streamed, _) => streamed ? FaultReply.Events([answer.Malformed]) : FaultReply.Json("{oops"),
        ["late"] = (_, _, _) => FaultReply.Nothing,
        ["late-for-caller"] = (_, _, _) => FaultReply.Nothing,
        ["cut-early"] = (answer, streamed, _) => streamed ? answer.Cut(0) : Half(answer, FaultEnd.Cut),
        ["stall-early"] = (answer, streamed, _) => streamed ? answer.Cut(0, FaultEnd.Hang) : Half(answer, FaultEnd.Hang),
        ["cut"] = (answer, _, gate) => Gated(answer, answer.Cut(2), gate),
        ["stall"] = (answer, _, gate) => Gated(answer, answer.Cut(2, FaultEnd.Hang), gate),
        ["malformed"] = (answer, _, gate) => Gated(answer, answer.With(answer.Malformed, 2), gate),
        ["no-end-mark"] = (answer, _, gate) => Gated(answer, answer.WithoutEnd(2), gate),
        ["rate-limit-event"] = (answer, _, gate) => Gated(answer, answer.With(ErrorEvent(answer, "rate_limit_error", "rate_limit_exceeded"), 2), gate),
        ["overflow-event"] = (answer, _, gate) => Gated(answer, answer.With(ErrorEvent(answer, "invalid_request_error", "context_length_exceeded"), 2), gate),
        ["no-json"] = (answer, streamed, gate) => streamed ? Gated(answer, answer.Reply(true), gate) : answer.Reply(false),
        ["wrong-json"] = (answer, streamed, gate) => Json(streamed ? Gated(answer, answer.Reply(true), gate) : answer.Reply(false)),
        ["error-event"] = (answer, _, gate) => Gated(answer, answer.With(answer.ErrorEvent, 2), gate),
    };

    private static FaultReply Gated(ScriptedAnswer answer, FaultReply reply, Task gate) => reply with { GateBefore = answer.First(1).Count(), Gate = gate };

    /// <summary>The faults of a provider that is asked for JSON of a schema and cannot be held to it.</summary>
    public static bool IsAboutForm(string fault) => fault is "no-json" or "wrong-json";

    // The same pieces that say "Hello world!", saying an object that lacks what the schema requires.
    private static FaultReply Json(FaultReply reply) => reply with
    {
        Pieces = [.. reply.Pieces.Select(static piece => piece
            .Replace("Hello world!", "{}", StringComparison.Ordinal).Replace("\"Hello\"", "\"{\"", StringComparison.Ordinal)
            .Replace("\" world\"", "\" \"", StringComparison.Ordinal).Replace("\"!\"", "\"}\"", StringComparison.Ordinal))],
    };

    private static string ErrorEvent(ScriptedAnswer answer, string type, string code) => answer == ScriptedAnswer.OpenAI
        ? $$$"""data: {"error":{"message":"prompt is too long","type":"{{{type}}}","param":null,"code":"{{{code}}}"}}""" + "\n\n"
        : $$$"""event: error{{{"\n"}}}data: {"type":"error","error":{"type":"{{{type}}}","message":"prompt is too long"}}""" + "\n\n";

    private static FaultReply Half(ScriptedAnswer answer, FaultEnd end) =>
        FaultReply.Json(answer.WholeBody[..40]) with { DeclaredLength = answer.WholeBody.Length, End = end };

    private static string Rejection(ScriptedAnswer answer, string message, string code) => answer == ScriptedAnswer.OpenAI
        ? $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":null,"code":"{{{code}}}"}}"""
        : $$$"""{"type":"error","error":{"type":"invalid_request_error","message":"{{{message}}}"}}""";
}
