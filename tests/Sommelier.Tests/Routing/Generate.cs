using CsCheck;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

/// <summary>Random catalogs, requests, hints and policies, dense enough that constraints bite and ties happen.</summary>
internal static class Generate
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Providers = ["a", "b", "c"];
    private static readonly string[] Regions = ["", "eu", "us", "eu-west-1"];
    private static readonly double[] Means = [0.5, 0.7, 0.8, 0.85, 0.9];

    private static readonly Gen<Lifecycle> Lifecycles = Gen.Select(Gen.Int[0, 9], Gen.Int[-40, 40]).Select((status, days) => new Lifecycle
    {
        Status = status switch { 0 => ModelStatus.Retired, 1 => ModelStatus.Preview, 2 => ModelStatus.Announced, _ => ModelStatus.Active },
        RetiresOn = status == 3 ? DateOnly.FromDateTime(At.UtcDateTime).AddDays(days) : null,
    });

    private static readonly Gen<Deployment> Deployment =
        from provider in Any(Providers)
        from model in Gen.Int[0, 7]
        from kind in Gen.Int[0, 9]
        from window in Any<int?>(null, 4_000, 32_000, 200_000)
        from output in Any<int?>(null, 1_000, 8_000)
        from can in Gen.Int[0, (1 << 13) - 1]
        from price in Any<decimal?>(null, 0m, 0.1m, 1m, 3m, 30m)
        from region in Any(Regions)
        from data in Any<DataClass?>(null, DataClass.Public, DataClass.Internal, DataClass.Confidential)
        from first in Any<double?>(null, 100, 500, 2_000)
        from lifecycle in Lifecycles
        from released in Gen.Int[-100, 10]
        select new Deployment
        {
            Id = $"{provider}/m{model}",
            Provider = provider,
            Model = $"m{model}",
            CanonicalModel = $"m{model}",
            Kind = kind == 0 ? ModelKind.Embedding : ModelKind.Chat,
            ContextWindow = window,
            MaxOutputTokens = output,
            Capabilities = (Capabilities)can | (can % 3 == 0 ? 0 : (Capabilities)((1 << 13) - 1)),
            Price = price is { } usd ? new() { InputUsdPerMillion = usd, OutputUsdPerMillion = usd * 4, CacheRead = usd / 10, Source = "test", SourceDate = new(2026, 11, 22) } : null,
            Region = region,
            MaxDataClass = data,
            TypicalTimeToFirstChunkMs = first,
            Lifecycle = lifecycle,
            ReleaseDate = DateOnly.FromDateTime(At.UtcDateTime).AddDays(released),
        };

    private static readonly Gen<DeploymentState> State =
        from p95 in Any<double?>(null, 200, 3_000)
        from circuit in Gen.Int[-3, 1]
        from cooldown in Gen.Int[-3, 1]
        from reason in Any<UpstreamFailureKind?>(null, UpstreamFailureKind.ModelNotFound, UpstreamFailureKind.RateLimited)
        from left in Any<long?>(null, null, 0, 100, 100_000)
        select new DeploymentState
        {
            P50TimeToFirstChunkMs = p95 / 2,
            P95TimeToFirstChunkMs = p95,
            CircuitOpenUntil = At.AddSeconds(circuit),
            CooldownUntil = At.AddSeconds(cooldown),
            CooldownReason = reason,
            RateLimitRemainingTokens = left,
        };

    private static readonly Gen<RequestSignals> Signals =
        from intent in Gen.Int[0, Intents.Count - 1]
        from confidence in Gen.Double[0.1, 1]
        from input in Any(10, 1_000, 5_000, 50_000)
        from max in Any<int?>(null, 500, 4_000)
        from media in Any(MediaKind.None, MediaKind.None, MediaKind.Image, MediaKind.Document)
        from tools in Gen.Int[0, 1]
        from flags in Gen.Int[0, 7]
        from format in Gen.Enum<ResponseFormatKind>()
        from effort in Any<ReasoningEffort?>(null, null, ReasoningEffort.None, ReasoningEffort.High)
        select new RequestSignals
        {
            Intent = (Intent)intent,
            Group = ((Intent)intent).Group(),
            Confidence = confidence,
            GroupConfidence = confidence,
            Abstained = confidence < 0.4,
            Distribution = [.. Enumerable.Range(0, Intents.Count).Select(i => i == intent ? (float)confidence : (float)((1 - confidence) / (Intents.Count - 1)))],
            InputTokens = input,
            CacheableTokens = input / 2,
            ExpectedOutputTokens = 300,
            MaxOutputTokens = max,
            Media = media,
            ToolCount = tools,
            Stream = (flags & 1) != 0,
            ToolLoop = (flags & 2) != 0,
            Prefill = (flags & 4) != 0,
            ResponseFormat = format,
            ReasoningEffort = effort,
            ExpectedReasoningTokens = effort == ReasoningEffort.High ? 2_000 : 0,
        };

    public static readonly Gen<CallerHints> Hints =
        from cost in Any<decimal?>(null, null, 0.01m, 0.001m)
        from latency in Any<int?>(null, null, 1_000, 300)
        from quality in Any<double?>(null, null, 0.6, 0.82)
        from data in Any<DataClass?>(null, null, DataClass.Internal, DataClass.Confidential)
        from regions in Any<string[]>([], [], ["eu"], ["eu", "us"])
        from only in Any<string[]>([], [], ["a", "b"], ["m1", "m2", "c"])
        from exclude in Any<string[]>([], [], ["b"], ["a/m1"])
        from strict in Any<bool?>(null, null, true)
        select new CallerHints { MaxCostUsd = cost, MaxLatencyMs = latency, MinQuality = quality, Data = data, Regions = regions, Only = only, Exclude = exclude, Strict = strict };

    private static readonly Gen<Policy> Policies =
        from basis in Any<Policy>([.. Sommelier.Routing.Policies.BuiltIn])
        from strategy in Any<string>([.. StrategyRegistry.NamesForPolicies])
        from hints in Hints
        from order in Any<string[]>([], [], ["m3", "a/m1"])
        from freeze in Any<DateOnly?>(null, null, new DateOnly(2026, 10, 1))
        from flags in Gen.Int[0, 7]
        select basis with
        {
            Strategy = strategy,
            MaxCostUsd = hints.MaxCostUsd,
            MaxLatencyMs = hints.MaxLatencyMs,
            MinQuality = hints.MinQuality,
            Data = hints.Data,
            Regions = hints.Regions,
            Only = hints.Only,
            Exclude = hints.Exclude,
            Order = order,
            FreezeDate = freeze,
            AllowPreview = (flags & 1) == 0,
            PinnedFallback = (flags & 2) != 0,
            OnBreak = (OnBreak)(flags % 3),
            Hedge = (flags & 1) == 0 ? null : new() { After = (flags & 2) == 0 ? null : TimeSpan.FromMilliseconds(250), MaxShare = 0.1, MaxUsdPerHour = 0.5m },
            UnclearedData = (flags & 4) != 0 ? DataClass.Internal : DataClass.Public,
        };

    public static readonly Gen<RouteQuery> Query =
        from deployments in Deployment.Array[1, 24]
        from states in State.Array[24]
        from measured in Gen.Int[0, 24]
        from qualities in Gen.Int[0, 4].Array[24]
        from mass in Any(10.0, 100, 2_000).Array[24]
        from signals in Signals
        from hints in Hints
        from policy in Policies
        from model in Any("auto", "auto", "auto", "m1", "a/m1", "nonsense")
        from prior in Any<string?>(null, "a/m1", "b/m2")
        from age in Gen.Int[0, 5_000]
        let unique = deployments.DistinctBy(d => d.Id).ToArray()
        select new RouteQuery
        {
            Model = model,
            Signals = signals,
            Hints = hints,
            Policy = policy,
            Catalog = CatalogSnapshot.Create(unique, quality: new("test", unique.Select((d, i) => KeyValuePair.Create(d.Id, Enumerable.Repeat(QualityEstimate.FromBeta(Means[qualities[i]], mass[i], "test", false), Intents.Count).ToArray())))),
            Live = new(At, unique.Take(measured).Select((d, i) => KeyValuePair.Create(d.Id, states[i]))),
            Prior = prior is null ? null : new(prior, At.AddSeconds(-age), 400),
        };

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
