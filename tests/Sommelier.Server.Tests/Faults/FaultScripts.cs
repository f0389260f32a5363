using Sommelier.Server.Conformance;

namespace Sommelier.Server.Tests.Faults;

/// <summary>The faults that docs/faults.md promises something about, as a provider of either dialect would play them.</summary>
internal static class FaultScripts
{
    /// <summary>Nobody listens: no script.</summary>
    public const string Refused = "refused";

    // What the executable's own fault suite plays, too.
    private static readonly string[] Shared =
    [
        "429", "500-html", "401", "400", "error-in-200", "html-in-200", "wrong-type", "not-json", "late",
        "cut-early", "stall-early", "cut", "stall", "malformed", "no-end-mark", "error-event",
    ];

    /// <summary>Every fault by its name. The gate opens when the caller has the first content.</summary>
    public static IReadOnlyDictionary<string, FaultScript> All { get; } = new Dictionary<string, FaultScript>(
        Shared.Select(name => KeyValuePair.Create(name, FaultCases.Find(name)!.Script!)), StringComparer.Ordinal)
    {
        ["529"] = (answer, _, _) => FaultReply.Error(529, answer.ErrorFor(529)),
        ["overflow"] = (answer, _, _) => FaultReply.Error(400, answer.Rejection("prompt is too long: 9000 tokens > 8192 maximum", "context_length_exceeded")),
        ["filter"] = (answer, _, _) => FaultReply.Error(400, answer.Rejection("Output blocked by content filtering policy", "content_filter")),
        ["empty"] = (answer, streamed, _) => streamed ? FaultReply.Events([]) : FaultReply.Json(answer.EmptyBody),
        ["late-for-caller"] = (_, _, _) => FaultReply.Nothing,
        ["late-hedged"] = (_, _, _) => FaultReply.Nothing,
        ["early-late"] = (_, _, _) => FaultReply.Nothing,
        ["cut-continued"] = (answer, _, gate) => answer.Gated(answer.Cut(2), gate),
        ["cut-restarted"] = (answer, _, gate) => answer.Gated(answer.Cut(2), gate),
        ["rate-limit-event"] = (answer, _, gate) => answer.Gated(answer.With(ErrorEvent(answer, "rate_limit_error", "rate_limit_exceeded"), 2), gate),
        ["overflow-event"] = (answer, _, gate) => answer.Gated(answer.With(ErrorEvent(answer, "invalid_request_error", "context_length_exceeded"), 2), gate),
        ["no-json"] = (answer, streamed, gate) => streamed ? answer.Gated(answer.Reply(true), gate) : answer.Reply(false),
        ["wrong-json"] = (answer, streamed, gate) => Json(streamed ? answer.Gated(answer.Reply(true), gate) : answer.Reply(false)),
    };

    /// <summary>The faults of which the reply's head cannot tell the end, because the policy or the configuration has more for them than the error.</summary>
    public static bool IsAfterHead(string fault) => fault is "cut-continued" or "cut-restarted" or "early-late";

    /// <summary>What the second provider says: the rest of the answer where it is to go on.</summary>
    public static FaultReply Second(string fault, ScriptedAnswer answer, bool streamed) => fault == "cut-continued" ? answer.After(2) : answer.Reply(streamed);

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
}
