using System.Globalization;
using Sommelier.Accounts.Spending;
using Sommelier.Wire;

namespace Sommelier.Gateway;

/// <summary>How a caller's limits per minute stand, as headers of its dialect.</summary>
/// <remarks>
/// OpenAI: <c>x-ratelimit-limit-requests</c>, <c>-remaining-</c>, <c>-reset-</c> (a duration, <c>1m2.5s</c>), the same for tokens:
/// platform.openai.com/docs/guides/rate-limits. Anthropic: <c>anthropic-ratelimit-requests-limit</c>, <c>-remaining</c>, <c>-reset</c> (RFC 3339), the
/// same for tokens: platform.claude.com/docs/en/api/rate-limits.
/// </remarks>
internal static class AllowanceHeaders
{
    /// <summary>The headers; null where the dialect has none.</summary>
    /// <param name="dialect">Whose.</param>
    /// <param name="minute">How the limits stand.</param>
    /// <param name="now">The moment at which they do.</param>
    public static IReadOnlyList<KeyValuePair<string, string>>? Of(RateLimitDialect dialect, MinuteAllowances minute, DateTimeOffset now)
    {
        if (dialect == RateLimitDialect.None)
        {
            return null;
        }

        var headers = new List<KeyValuePair<string, string>>(6);
        Add(headers, dialect, "requests", minute.Requests, now);
        Add(headers, dialect, "tokens", minute.Tokens, now);
        return headers;
    }

    private static void Add(List<KeyValuePair<string, string>> headers, RateLimitDialect dialect, string unit, MinuteAllowance? allowance, DateTimeOffset now)
    {
        if (allowance is not { } left)
        {
            return;
        }

        Func<string, string> name = dialect == RateLimitDialect.OpenAI ? what => $"x-ratelimit-{what}-{unit}" : what => $"anthropic-ratelimit-{unit}-{what}";
        headers.Add(new(name("limit"), left.Limit.ToString(CultureInfo.InvariantCulture)));
        headers.Add(new(name("remaining"), left.Remaining.ToString(CultureInfo.InvariantCulture)));
        headers.Add(new(name("reset"), dialect == RateLimitDialect.OpenAI ? Duration(left.Reset) : Moment(now + left.Reset)));
    }

    // As Go writes it: 1m2.5s, 800ms, 0s.
    private static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: 0 } => "0s",
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMilliseconds}ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(span.TotalSeconds, 3)}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMinutes}m{Math.Round(span.TotalSeconds % 60, 3)}s"),
    };

    // Whole seconds, up: who waits until then has waited long enough.
    private static string Moment(DateTimeOffset moment) =>
        DateTimeOffset.FromUnixTimeSeconds((moment.ToUnixTimeMilliseconds() + 999) / 1_000).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
