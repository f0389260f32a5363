using System.Globalization;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Wire;

namespace Sommelier.Server.Tests.Faults;

/// <summary>Says what happened in the words of docs/faults.md.</summary>
internal static class FaultWords
{
    /// <summary>What the caller saw: status and answer, or status and the dialect's error, or how a stream broke.</summary>
    public static string Saw(FaultRow row, HttpResponseMessage reply, string text, bool cut)
    {
        var status = ((int)reply.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!reply.IsSuccessStatusCode)
        {
            Assert.False(cut);
            Assert.Equal("application/json", reply.Content.Headers.ContentType?.MediaType);
            var wait = reply.Headers.RetryAfter is { } after ? $", retry-after {after}" : "";
            return $"{status} {ErrorType(row.Caller, text)}{wait}";
        }

        return $"{status}, {(row.Streamed ? Stream(row.Caller, reply, text) : Whole(row.Caller, text))}{(cut ? ", cut" : "")}";
    }

    /// <summary>What the ledger says: the outcome, every attempt, the cost.</summary>
    public static string Ledger(LedgerEntry entry)
    {
        var text = new StringBuilder().Append(entry.Outcome).Append(": ");
        foreach (var attempt in entry.Attempts)
        {
            text.Append(attempt.DeploymentId.Split('/')[0]).Append(' ').Append(attempt.Failure?.Kind.ToString() ?? attempt.Outcome.ToString()).Append(", ");
        }

        var cost = NanoUsd.ToUsd(entry.Attempts.Sum(attempt => attempt.CostNanoUsd)).ToString("0.#########", CultureInfo.InvariantCulture);
        var estimated = entry.Attempts.Any(attempt => attempt.Usage is { Estimated: true }) ? " estimated" : "";
        return text.Append(cost).Append(" USD").Append(estimated).ToString();
    }

    private static string Whole(string dialect, string text)
    {
        var response = Format(dialect).Responses.Read(Encoding.UTF8.GetBytes(text), WireQuirks.Default);
        return Said(Assert.IsType<TextPart>(Assert.Single(response.Parts)).Text);
    }

    private static string Stream(string dialect, HttpResponseMessage reply, string text)
    {
        Assert.Equal("text/event-stream", reply.Content.Headers.ContentType?.MediaType);
        var at = text.IndexOf("event: sommelier.restart\n", StringComparison.Ordinal);
        return at < 0 ? Stream(dialect, text) : $"{Stream(dialect, text[..at])}, restart mark, {Stream(dialect, text[(text.IndexOf("\n\n", at, StringComparison.Ordinal) + 2)..])}";
    }

    private static string Stream(string dialect, string text)
    {
        using var decoder = Format(dialect).Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(Encoding.UTF8.GetBytes(text), steps);
        decoder.Complete(steps);
        var said = Said(string.Concat(steps.OfType<TextDelta>().Select(step => step.Text)));
        var failure = steps.OfType<FailureDelta>().SingleOrDefault()?.Failure;

        // What a client of the dialect makes of the event; most say no more than that something is down.
        var told = failure is null ? "" : failure.Kind == UpstreamFailureKind.Unavailable ? ", error event" : $", error event: {failure.Kind}";
        Assert.Equal(decoder.Ended, text.Contains(dialect == "openai" ? "data: [DONE]" : "event: message_stop", StringComparison.Ordinal));
        return said + told + (decoder.Ended ? "" : ", no end mark");
    }

    private static string Said(string text) => text == ScriptedAnswer.Text ? "the whole answer" : $"\"{text}\"";

    private static string ErrorType(string dialect, string text)
    {
        using var json = JsonDocument.Parse(text);
        var error = json.RootElement.GetProperty("error");
        Assert.False(string.IsNullOrEmpty(error.GetProperty("message").GetString()));
        Assert.Equal(dialect == "openai", error.TryGetProperty("code", out _));
        Assert.Equal(dialect == "anthropic", json.RootElement.TryGetProperty("type", out var type) && type.GetString() == "error");
        return error.GetProperty("type").GetString()!;
    }

    private static IWireFormat Format(string dialect) => WireFormats.Get(dialect == "openai" ? "openai-chat" : "anthropic-messages");
}
