using Sommelier.Canonical;

namespace Sommelier.Gateway;

/// <summary>Joins what headers and body ask of Sommelier.</summary>
internal static class Hints
{
    /// <summary>The body's word wins, field by field.</summary>
    public static CallerHints Merge(CallerHints headers, CallerHints? body)
    {
        if (body is null)
        {
            return headers;
        }

        if (ReferenceEquals(headers, CallerHints.None))
        {
            return body;
        }

        return new CallerHints
        {
            Policy = body.Policy ?? headers.Policy,
            MaxCostUsd = body.MaxCostUsd ?? headers.MaxCostUsd,
            MaxLatencyMs = body.MaxLatencyMs ?? headers.MaxLatencyMs,
            MinQuality = body.MinQuality ?? headers.MinQuality,
            Data = body.Data ?? headers.Data,
            Regions = Either(body.Regions, headers.Regions),
            Only = Either(body.Only, headers.Only),
            Exclude = Either(body.Exclude, headers.Exclude),
            Session = body.Session ?? headers.Session,
            Tags = Either(body.Tags, headers.Tags),
            Strict = body.Strict ?? headers.Strict,
            Fallback = body.Fallback ?? headers.Fallback,
            Cache = body.Cache ?? headers.Cache,
            OnBreak = body.OnBreak ?? headers.OnBreak,
        };
    }

    private static IReadOnlyList<string> Either(IReadOnlyList<string> first, IReadOnlyList<string> second) => first.Count > 0 ? first : second;
}
