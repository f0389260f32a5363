using System.Buffers;
using System.Globalization;

namespace Sommelier.Wire.Json;

/// <summary>How long a vendor's reply headers ask to wait. The same headers are in use with several wire formats.</summary>
internal static class RetryHints
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The wait of <c>retry-after-ms</c>, else <c>retry-after</c> in seconds or as a date; null when neither is there.</summary>
    public static TimeSpan? RetryAfter(Func<string, string?> headers, DateTimeOffset now)
    {
        if (Number(headers("retry-after-ms") ?? headers("x-ms-retry-after-ms")) is { } milliseconds)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        var text = headers("retry-after");
        if (Number(text) is { } seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? Positive(moment - now)
            : null;
    }

    /// <summary>The wait of <c>x-ratelimit-reset-requests</c> and <c>-tokens</c>: of the one that is used up, else the shorter.</summary>
    public static TimeSpan? RateLimitReset(Func<string, string?> headers)
    {
        var requests = Duration(headers("x-ratelimit-reset-requests"));
        var tokens = Duration(headers("x-ratelimit-reset-tokens"));
        var requestsUsedUp = headers("x-ratelimit-remaining-requests") is "0";
        var tokensUsedUp = headers("x-ratelimit-remaining-tokens") is "0";
        return (requestsUsedUp, tokensUsedUp) switch
        {
            (true, true) => requests > tokens || tokens is null ? requests : tokens,
            (true, false) => requests,
            (false, true) => tokens,
            _ => requests < tokens || tokens is null ? requests : tokens,
        };
    }

    /// <summary>The wait that a sentence names, as OpenAI's "Please try again in 1.5s." and Google's "Please retry in 1.5s." do, or with a word for the unit; null when it names none.</summary>
    public static TimeSpan? InWords(string? message)
    {
        var at = After(message, "try again in ") ?? After(message, "retry in ");
        if (at is not { } start)
        {
            return null;
        }

        var words = message![start..].Split([' ', '\n'], 3);
        var amount = words[0].TrimEnd('.', ',');
        if (!amount.AsSpan().ContainsAnyExcept(Digits))
        {
            var unit = words.Length > 1 ? words[1] : "";
            amount += unit.StartsWith("sec", StringComparison.Ordinal) ? "s"
                : unit.StartsWith("min", StringComparison.Ordinal) ? "m"
                : unit.StartsWith("hour", StringComparison.Ordinal) ? "h"
                : unit.StartsWith("millisec", StringComparison.Ordinal) ? "ms"
                : "?";
        }

        return Duration(amount);
    }

    /// <summary>The vendor's explicit word, <c>x-should-retry</c>; null when it said nothing.</summary>
    public static bool? ShouldRetry(Func<string, string?> headers) => headers("x-should-retry") switch
    {
        { } word when word.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        { } word when word.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        _ => null,
    };

    /// <summary>A duration as Go writes it, <c>1h2m3.5s</c> or <c>120ms</c>, or a number of seconds; null when it is neither.</summary>
    public static TimeSpan? Duration(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (Number(text) is { } seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        var total = 0.0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount))
            {
                return null;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(Digits);
            var unit = letters < 0 ? rest : rest[..letters];
            var scale = unit switch { "h" => 3600, "m" => 60, "s" => 1, "ms" => 1e-3, "us" or "µs" => 1e-6, "ns" => 1e-9, "d" => 86400, _ => double.NaN };
            total += amount * scale;
            rest = rest[unit.Length..];
        }

        return double.IsFinite(total) && total < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(total) : null;
    }

    private static int? After(string? message, string sign) =>
        message?.IndexOf(sign, StringComparison.OrdinalIgnoreCase) is { } at and >= 0 ? at + sign.Length : null;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value < 1e9
            ? Math.Max(value, 0)
            : null;

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
