using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Sommelier.Upstream;

/// <summary>What a provider says is left of its current window.</summary>
/// <param name="Requests">Requests left, or null.</param>
/// <param name="Tokens">Tokens left, or null.</param>
/// <param name="Until">When the figures stop being true.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RateLimitHeadroom(long? Requests, long? Tokens, DateTimeOffset Until);

/// <summary>Reads <c>x-ratelimit-*</c> (OpenAI, Azure, Groq, …) and <c>anthropic-ratelimit-*</c> reply headers.</summary>
internal static class RateLimitHeaders
{
    // Without a reset header the figures are taken for those of a minute's window, the usual one.
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(1);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The headroom, or null when the provider does not say.</summary>
    public static RateLimitHeadroom? Read(UpstreamReply reply, DateTimeOffset now)
    {
        var requests = Number(reply.Header("x-ratelimit-remaining-requests")) ?? Number(reply.Header("anthropic-ratelimit-requests-remaining"));
        var tokens = Number(reply.Header("x-ratelimit-remaining-tokens")) ?? Number(reply.Header("anthropic-ratelimit-tokens-remaining"));
        if (requests is null && tokens is null)
        {
            return null;
        }

        var reset = requests == 0
            ? reply.Header("x-ratelimit-reset-requests") ?? reply.Header("anthropic-ratelimit-requests-reset")
            : reply.Header("x-ratelimit-reset-tokens") ?? reply.Header("anthropic-ratelimit-tokens-reset")
                ?? reply.Header("x-ratelimit-reset-requests") ?? reply.Header("anthropic-ratelimit-requests-reset");
        return new(requests, tokens, Moment(reset, now) ?? now + DefaultWindow);
    }

    /// <summary>A moment as an RFC 3339 time, a Go duration (<c>6m0s</c>, <c>120ms</c>) or seconds.</summary>
    internal static DateTimeOffset? Moment(string? text, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return moment;
        }

        return Duration(text) is { } span ? now + span : null;
    }

    private static TimeSpan? Duration(ReadOnlySpan<char> text)
    {
        var total = 0.0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            var value = digits < 0 ? text : text[..digits];
            if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            text = digits < 0 ? default : text[digits..];
            var letters = text.IndexOfAny(Digits);
            var unit = letters < 0 ? text : text[..letters];
            text = letters < 0 ? default : text[letters..];
            var factor = unit switch
            {
                "h" => 3600,
                "m" => 60,
                "s" or "" => 1,
                "ms" => 1e-3,
                "us" or "µs" => 1e-6,
                "ns" => 1e-9,
                _ => double.NaN,
            };
            if (double.IsNaN(factor))
            {
                return null;
            }

            total += number * factor;
        }

        return total is >= 0 and < 86_400 * 31 ? TimeSpan.FromSeconds(total) : null;
    }

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
