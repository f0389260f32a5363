using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary>Writes a <see cref="ReplyHead"/> as headers.</summary>
internal static class ReplyHeaders
{
    // Warnings name fields of the caller's own making; a header is no place for a long list of them.
    private const int MaxWarningsLength = 2_000;

    public static void Write(IHeaderDictionary headers, in ReplyHead head)
    {
        headers["x-sommelier-request-id"] = head.RequestId;
        if (head.ContentType.StartsWith("text/event-stream", StringComparison.Ordinal))
        {
            // A stream that a proxy in front keeps until it is whole is no stream.
            headers.CacheControl = "no-cache";
            headers["x-accel-buffering"] = "no";
        }

        Set(headers, "x-sommelier-model", head.Model);
        Set(headers, "x-sommelier-policy", head.Policy);
        Set(headers, "x-sommelier-intent", head.Intent);
        Set(headers, "x-sommelier-reason", head.Reason);
        Set(headers, "x-sommelier-conversation-id", head.Conversation);
        Set(headers, "x-sommelier-attempts", head.Attempts?.ToString(CultureInfo.InvariantCulture));
        if (head.OverheadMs is { } overhead)
        {
            headers["x-sommelier-overhead-ms"] = overhead.ToString("0.###", CultureInfo.InvariantCulture);
        }

        if (head.CostNanoUsd is { } cost)
        {
            headers["x-sommelier-cost-usd"] = NanoUsd.ToUsd(cost).ToString("0.#########", CultureInfo.InvariantCulture);
        }

        if (head.CacheHit is { } hit)
        {
            headers["x-sommelier-cache"] = head.Similarity is not null ? "similar" : hit ? "hit" : "miss";
        }

        if (head.Similarity is { } similarity)
        {
            headers["x-sommelier-similarity"] = similarity.ToString("0.###", CultureInfo.InvariantCulture);
        }

        if (head.Age is { } age)
        {
            // RFC 9111: whole seconds.
            headers.Age = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (head.Warnings is { Count: > 0 } warnings)
        {
            headers["x-sommelier-warnings"] = Render(warnings);
        }

        if (head.DeprecatedOn is { } deprecated)
        {
            // RFC 9745: a structured-field date.
            headers["Deprecation"] = "@" + Midnight(deprecated).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }

        if (head.Sunset is { } sunset)
        {
            // RFC 8594: an HTTP date.
            headers["Sunset"] = Midnight(sunset).ToString("R", CultureInfo.InvariantCulture);
        }

        if (head.Simulated)
        {
            headers["x-sommelier-simulated"] = "true";
        }

        if (head.DialectHeader is { } dialect)
        {
            headers[dialect.Key] = dialect.Value;
        }

        foreach (var (name, value) in head.RateLimits ?? [])
        {
            headers[name] = value;
        }

        if (head.RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static void Set(IHeaderDictionary headers, string name, string? value)
    {
        if (value is not null)
        {
            headers[name] = Safe(value);
        }
    }

    private static string Render(IReadOnlyList<Warning> warnings)
    {
        var text = string.Join(", ", warnings.Select(warning => $"{warning.Code}:{warning.Field}"));
        return Safe(text.Length <= MaxWarningsLength ? text : string.Concat(text.AsSpan(0, MaxWarningsLength), "…"));
    }

    // A header carries ASCII; what a caller wrote must not break out of it.
    private static string Safe(string text)
    {
        foreach (var character in text)
        {
            if (character is < ' ' or > '~')
            {
                return string.Create(text.Length, text, static (target, source) =>
                {
                    for (var at = 0; at < source.Length; at++)
                    {
                        target[at] = source[at] is < ' ' or > '~' ? '?' : source[at];
                    }
                });
            }
        }

        return text;
    }
}
