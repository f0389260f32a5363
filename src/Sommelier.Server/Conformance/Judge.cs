using System.Globalization;
using System.Text;
using Sommelier.Server.Conformance.Callers;

namespace Sommelier.Server.Conformance;

/// <summary>A verdict on one reply.</summary>
/// <param name="Passed">Whether the caller got what it is owed.</param>
/// <param name="Seen">What it got, in words.</param>
/// <param name="Fault">Why that is not right; null where it is.</param>
internal sealed record Verdict(bool Passed, string Seen, string? Fault);

/// <summary>Holds what a caller saw against what it is owed. Pure.</summary>
internal static class Judge
{
    /// <summary>The verdict on a reply.</summary>
    public static Verdict Of(FaultCase fault, CallerDialect dialect, bool streamed, CallerView view)
    {
        var reading = view.Status is >= 200 and < 300 ? Reading.Of(dialect, streamed, view.Body) : Reading.None;
        var problem = view switch
        {
            { TimedOut: true } => "no end within the time limit",
            { Status: 0 } => "the connection breaks without a status",
            // A client whose connection breaks takes no half JSON for an answer; an event it has read it has acted on.
            { Status: >= 200 and < 300 } when reading.Unreadable is not null && (streamed || view.Broken is null) => reading.Unreadable,
            { Status: >= 200 and < 300 } => Answered(fault, reading, view),
            _ => Refused(fault, view),
        };
        return new(problem is null, Words(dialect, streamed, view, reading, fault), problem);
    }

    private static string? Answered(FaultCase fault, Reading reading, CallerView view)
    {
        var complete = reading.Ended && reading.Error is null && Same(reading, fault);
        if (complete && (view.Broken is null || fault.Duty == Duty.AnswerOrTell))
        {
            return fault.Duty == Duty.Tell ? "a broken answer comes as a whole one" : null;
        }

        if (fault.Duty == Duty.Answer)
        {
            return "a right answer does not arrive";
        }

        return !fault.Text.StartsWith(reading.Text, StringComparison.Ordinal) ? "text that the provider did not say"
            : reading.Error is not null || (view.Broken is not null && !reading.Ended) ? null
            : reading.Ended ? "a broken answer ends with the end mark"
            : "a broken answer ends without a word";
    }

    private static bool Same(Reading reading, FaultCase fault) => string.Equals(reading.Text, fault.Text, StringComparison.Ordinal);

    private static string? Refused(FaultCase fault, CallerView view) =>
        fault.Duty == Duty.Answer ? "a right answer is refused"
        : !fault.Tells(view.Status) ? "the status does not say what happened"
        : fault.RetryAfter is { } wait && view.RetryAfter != wait ? $"the wait of {wait.ToString(CultureInfo.InvariantCulture)} s is not told"
        : null;

    private static string Words(CallerDialect dialect, bool streamed, CallerView view, Reading reading, FaultCase fault)
    {
        if (view.Status == 0)
        {
            return view.TimedOut ? "nothing" : "no status";
        }

        var words = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{view.Status}");
        if (view.Status is >= 200 and < 300)
        {
            words.Append(Same(reading, fault) ? ", the whole answer" : reading.Text.Length > 40 ? $", {reading.Text.Length} letters" : $", \"{reading.Text}\"");
            words.Append(reading.Error is null ? "" : ", error event").Append(streamed && !reading.Ended ? ", no end mark" : "");
        }
        else
        {
            words.Append(view.RetryAfter is { } wait ? $", retry-after {wait.ToString(CultureInfo.InvariantCulture)}" : "");
            words.Append(Reading.ErrorOf(dialect, view.Body) is null ? ", not the dialect's error" : "");
        }

        return words.Append(view.Broken is null ? "" : ", cut").Append(view.TimedOut ? ", then silence" : "").ToString();
    }
}
