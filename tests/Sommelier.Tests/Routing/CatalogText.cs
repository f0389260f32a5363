using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Tests.Routing;

/// <summary>A small catalog as text: <c>provider/model key=value …</c> a line, <c>alias NAME TARGET</c> for other names.</summary>
internal static class CatalogText
{
    public static CatalogSnapshot Read(IEnumerable<string> lines, DateTimeOffset at, out LiveState live)
    {
        var deployments = new List<Deployment>();
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        var rows = new Dictionary<string, QualityEstimate[]>(StringComparer.Ordinal);
        var states = new Dictionary<string, DeploymentState>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts[0] == "alias")
            {
                aliases[parts[1]] = parts[2];
                continue;
            }

            var values = parts.Skip(1).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
            deployments.Add(DeploymentOf(parts[0], values));
            rows[parts[0]] = QualityOf(values);
            if (StateOf(values, at) is { } state)
            {
                states[parts[0]] = state;
            }
        }

        live = new(at, states);
        return CatalogSnapshot.Create(deployments, aliases, new("case", rows));
    }

    private static Deployment DeploymentOf(string id, Dictionary<string, string> v)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        return new()
        {
            Id = id,
            Provider = id[..slash],
            Model = id[(slash + 1)..],
            CanonicalModel = v.GetValueOrDefault("model", id[(slash + 1)..]),
            Kind = Enum.Parse<ModelKind>(v.GetValueOrDefault("kind", "chat"), ignoreCase: true),
            NamedOnly = Enum.Parse<NamedOnly>(v.GetValueOrDefault("named_only", "no"), ignoreCase: true),
            ContextWindow = (int?)Number(v, "ctx") ?? 128_000,
            MaxInputTokens = (int?)Number(v, "in"),
            MaxOutputTokens = (int?)Number(v, "out"),
            Capabilities = Capabilities.Streaming | v.GetValueOrDefault("can", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Aggregate(Capabilities.None, (all, c) => all | Enum.Parse<Capabilities>(c, ignoreCase: true)),
            Price = v.TryGetValue("price", out var price) ? PriceOf(price) : null,
            Region = v.GetValueOrDefault("region", ""),
            MaxDataClass = v.TryGetValue("data", out var data) ? Enum.Parse<DataClass>(data, ignoreCase: true) : null,
            ReleaseDate = Day(v, "released"),
            TypicalTimeToFirstChunkMs = Number(v, "ttfc"),
            TypicalTokensPerSecond = Number(v, "tps"),
            Lifecycle = new()
            {
                Status = Enum.Parse<ModelStatus>(v.GetValueOrDefault("status", "active"), ignoreCase: true),
                RetiresOn = Day(v, "retires"),
                Successors = v.TryGetValue("next", out var next) ? next.Split(',') : [],
            },
        };
    }

    // "in/out" or "in/out/cache read", USD per million tokens.
    private static Price PriceOf(string text)
    {
        var parts = text.Split('/').Select(p => decimal.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return new()
        {
            InputUsdPerMillion = parts[0],
            OutputUsdPerMillion = parts[1],
            CacheRead = parts.Length > 2 ? parts[2] : null,
            Source = "case",
            SourceDate = new(2026, 11, 22),
        };
    }

    // "q=0.8x100": mean 0.8, as sure as of 100 answers; "q.coding=…" for one intent.
    private static QualityEstimate[] QualityOf(Dictionary<string, string> v)
    {
        var row = new QualityEstimate[Intents.Count];
        Array.Fill(row, v.TryGetValue("q", out var all) ? Estimate(all) : QualityTable.Nothing);
        foreach (var (key, text) in v)
        {
            if (key.StartsWith("q.", StringComparison.Ordinal) && Intents.TryParse(key[2..], out var intent))
            {
                row[(int)intent] = Estimate(text);
            }
        }

        return row;
    }

    // "0.8x100~" is inherited from the family.
    private static QualityEstimate Estimate(string text)
    {
        var parts = text.TrimEnd('~').Split('x').Select(p => double.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return QualityEstimate.FromBeta(parts[0], parts[1], "case", inherited: text.EndsWith('~'));
    }

    private static DeploymentState? StateOf(Dictionary<string, string> v, DateTimeOffset at)
    {
        string[] keys = ["p50", "p95", "speed", "measured", "circuit", "cooldown", "requests_left", "tokens_left", "errors"];
        return !keys.Any(v.ContainsKey) ? null : new()
        {
            P50TimeToFirstChunkMs = Number(v, "p50"),
            P95TimeToFirstChunkMs = Number(v, "p95"),
            TokensPerSecond = Number(v, "speed"),
            MeasuredAt = Number(v, "measured") is { } ago ? at.AddSeconds(-ago) : null,
            ErrorRate = Number(v, "errors") ?? 0,
            Requests = 20,
            CircuitOpenUntil = Number(v, "circuit") is { } c ? at.AddSeconds(c) : null,
            CooldownUntil = Number(v, "cooldown") is { } d ? at.AddSeconds(d) : null,
            RateLimitRemainingRequests = (long?)Number(v, "requests_left"),
            RateLimitRemainingTokens = (long?)Number(v, "tokens_left"),
        };
    }

    private static double? Number(Dictionary<string, string> v, string key) =>
        v.TryGetValue(key, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    private static DateOnly? Day(Dictionary<string, string> v, string key) =>
        v.TryGetValue(key, out var text) ? DateOnly.Parse(text, CultureInfo.InvariantCulture) : null;
}
