using System.Globalization;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>How long the vendor asks to wait: <c>retry-after-ms</c>, <c>retry-after</c>, else when a spent limit resets.</summary>
internal static class AnthropicRetryHints
{
    private static readonly string[] Limits = ["requests", "tokens", "input-tokens", "output-tokens"];

    /// <summary>Reads the hints.</summary>
    /// <param name="headers">Looks a header up.</param>
    /// <param name="now">For hints that name a moment.</param>
    /// <param name="withResets">Whether a limit was met: only then do the moments at which limits reset say anything.</param>
    public static TimeSpan? Read(Func<string, string?> headers, DateTimeOffset now, bool withResets)
    {
        if (Number(headers("retry-after-ms")) is { } milliseconds)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        var retryAfter = headers("retry-after");
        if (Number(retryAfter) is { } seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        if (Moment(retryAfter) is { } moment)
        {
            return Until(moment, now);
        }

        return withResets ? Resets(headers, now) : null;
    }

    // The latest reset among the limits that are spent.
    private static TimeSpan? Resets(Func<string, string?> headers, DateTimeOffset now)
    {
        TimeSpan? longest = null;
        foreach (var limit in Limits)
        {
            if (Number(headers($"anthropic-ratelimit-{limit}-remaining")) is not { } remaining || remaining > 0
                || Moment(headers($"anthropic-ratelimit-{limit}-reset")) is not { } reset)
            {
                continue;
            }

            var wait = Until(reset, now);
            longest = longest is { } other && other > wait ? other : wait;
        }

        return longest;
    }

    private static TimeSpan Until(DateTimeOffset moment, DateTimeOffset now) => moment > now ? moment - now : TimeSpan.Zero;

    // A day is longer than any wait that is meant; what is beyond is nonsense and must not overflow a TimeSpan.
    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
            ? Math.Min(value, 86_400_000)
            : null;

    private static DateTimeOffset? Moment(string? text) =>
        text is not null && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : null;
}
