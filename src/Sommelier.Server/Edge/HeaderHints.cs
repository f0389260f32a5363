using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary>Reads the <c>x-sommelier-*</c> request headers: the fields of the <c>sommelier</c> object with <c>-</c> for <c>_</c>.</summary>
internal static class HeaderHints
{
    private const string Prefix = "x-sommelier-";

    /// <summary>What the headers ask.</summary>
    /// <exception cref="GatewayException">A header is unknown or its value wrong: names it and the remedy.</exception>
    public static CallerHints Read(IHeaderDictionary headers)
    {
        CallerHints? hints = null;
        foreach (var (name, values) in headers)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                hints = Apply(hints ?? CallerHints.None, name.ToLowerInvariant(), values.ToString().Trim());
            }
        }

        return hints ?? CallerHints.None;
    }

    private static CallerHints Apply(CallerHints hints, string name, string value) => name[Prefix.Length..] switch
    {
        "policy" => hints with { Policy = value },
        "max-cost-usd" => hints with { MaxCostUsd = Decimal(name, value) },
        "max-latency-ms" => hints with { MaxLatencyMs = Integer(name, value) },
        "min-quality" => hints with { MinQuality = Share(name, value) },
        "data" => hints with { Data = Data(name, value) },
        "regions" => hints with { Regions = List(value) },
        "only" => hints with { Only = List(value) },
        "exclude" => hints with { Exclude = List(value) },
        "session" => hints with { Session = value },
        "tags" => hints with { Tags = List(value) },
        "strict" => hints with { Strict = Boolean(name, value) },
        "fallback" => hints with { Fallback = Boolean(name, value) },
        "cache" => hints with { Cache = Cache(name, value) },
        "on-break" => hints with { OnBreak = EnumNames<OnBreak>.Parse(value) ?? throw Wrong(name, "must be error, continue or restart") },
        _ => throw Wrong(name, "is not known. There are policy, max-cost-usd, max-latency-ms, min-quality, data, regions, only, exclude, session, tags, strict, fallback, cache and on-break"),
    };

    private static decimal Decimal(string name, string value) =>
        decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(name, "must be a number of US dollars of 0 or more, e.g. 0.01");

    private static int Integer(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw Wrong(name, "must be a whole number of milliseconds above 0, e.g. 2000");

    private static double Share(string name, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1
            ? number
            : throw Wrong(name, "must be a number from 0 to 1, e.g. 0.8");

    private static bool Boolean(string name, string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong(name, "must be true or false"),
    };

    private static DataClass Data(string name, string value) => value switch
    {
        "public" => DataClass.Public,
        "internal" => DataClass.Internal,
        "confidential" => DataClass.Confidential,
        _ => throw Wrong(name, "must be public, internal or confidential"),
    };

    private static CacheHint Cache(string name, string value) => value switch
    {
        "true" => new(true),
        "false" => new(false),
        _ => CacheHint.OfTtl(value) ?? throw Wrong(name, "must be true, false or a duration of 1s to 30d, e.g. 10m"),
    };

    private static string[] List(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static GatewayException Wrong(string name, string what) => new(GatewayError.Invalid(name, $"The header {name} {what}."));
}
