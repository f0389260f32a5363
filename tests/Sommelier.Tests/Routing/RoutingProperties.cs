using CsCheck;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

/// <summary>What holds for every catalog, request, policy and hint.</summary>
public sealed class RoutingProperties
{
    private const int Runs = 1_500;

    [Fact]
    public void No_plan_violates_a_constraint() => Generate.Query.Sample(query =>
    {
        var decision = ModelRouter.Decide(query);
        foreach (var c in decision.Ranked)
        {
            var d = c.Deployment;
            var state = query.Live.Get(d.Id);
            var named = query.Model != "auto" && (d.Id == query.Model || d.CanonicalModel == query.Model);

            // Written out again, from the words of the documentation and not from the constraints' code.
            Check(d.Kind == ModelKind.Chat, "kind");
            Check(query.Policy.Only.Count == 0 || query.Policy.Only.Any(n => Means(n, d)), "policy only");
            Check(query.Hints.Only.Count == 0 || query.Hints.Only.Any(n => Means(n, d)), "caller only");
            Check(!query.Policy.Exclude.Concat(query.Hints.Exclude).Any(n => Means(n, d)), "exclude");
            var cleared = d.MaxDataClass ?? query.Policy.UnclearedData;
            Check((query.Policy.Data is not { } pd || cleared >= pd) && (query.Hints.Data is not { } hd || cleared >= hd), "data");
            Check(InRegion(query.Policy.Regions, d.Region) && InRegion(query.Hints.Regions, d.Region), "region");
            Check(d.Lifecycle.At(new(2026, 11, 22)) is ModelStatus.Active or ModelStatus.Deprecated or ModelStatus.Preview, "lifecycle");
            Check(query.Policy.FreezeDate is not { } freeze || d.ReleaseDate <= freeze, "freeze");
            Check(state.CircuitOpenUntil is not { } open || open <= query.At, "circuit");
            Check(state.CooldownUntil is not { } cooling || cooling <= query.At, "cooldown");
            Check(state.RateLimitRemainingTokens is not { } left || left >= query.Signals.InputTokens, "rate limit");
            var first = state.P95TimeToFirstChunkMs ?? d.TypicalTimeToFirstChunkMs;
            Check(first is null || (!(first > query.Policy.MaxLatencyMs) && !(first > query.Hints.MaxLatencyMs)), "latency");
            Check(query.Policy.MaxCostUsd is not { } pc || c.CostUsd <= (double)pc, "policy cost");
            Check(query.Hints.MaxCostUsd is not { } hc || c.CostUsd <= (double)hc, "caller cost");
            Check(!(c.QualityMean < query.Policy.MinQuality) && !(c.QualityMean < query.Hints.MinQuality), "quality");
            if (!named)
            {
                Check(!query.Signals.Media.HasFlag(MediaKind.Image) || d.Can(Capabilities.Vision), "vision");
                Check(!query.Signals.Media.HasFlag(MediaKind.Document) || d.Can(Capabilities.Pdf), "pdf");
                Check(query.Signals.ToolCount == 0 || d.Can(Capabilities.Tools), "tools");
                Check(d.ContextWindow is not { } window || (query.Signals.InputTokens * 1.1) + query.Signals.ExpectedOutputTokens <= window, "window");
                Check(!query.Signals.Stream || d.Can(Capabilities.Streaming), "streaming");
                Check(query.Signals.ReasoningEffort != ReasoningEffort.High || d.Can(Capabilities.Reasoning), "reasoning");
                Check(query.Signals.ResponseFormat != ResponseFormatKind.JsonSchema || query.Hints.Strict != true || d.Can(Capabilities.JsonSchema), "json schema");
                Check(query.Signals.MaxOutputTokens is not { } max || d.MaxOutputTokens is not { } most || max <= most, "output");
            }
        }
    }, iter: Runs);

    [Fact]
    public void Every_candidate_is_ranked_or_dropped_once_and_the_plan_is_their_beginning() => Generate.Query.Sample(query =>
    {
        var decision = ModelRouter.Decide(query);
        var seen = decision.Ranked.Select(c => c.Deployment.Id).Concat(decision.Dropped.Select(d => d.Deployment.Id)).ToList();
        Check(seen.Count == seen.Distinct(StringComparer.Ordinal).Count(), "twice");
        Check(query.Model != "auto" || seen.Count == query.Catalog.Deployments.Count, "lost");
        Check(decision.Plan.Count == 0 == decision.Error is not null, "error without a plan, plan without an error");
        Check(decision.Plan.SequenceEqual(decision.Ranked.Take(decision.Plan.Count)), "plan");
        Check(decision.Ranked.Select((c, i) => c.Rank == i + 1).All(x => x), "ranks");
        Check(decision.Dropped.All(d => d.Detail.Length > 0), "detail");
    }, iter: Runs);

    [Fact]
    public void The_same_query_is_the_same_bytes_whatever_order_the_catalog_came_in() => Generate.Query.Sample(query =>
    {
        var shuffled = query with
        {
            Catalog = CatalogSnapshot.Create(query.Catalog.Deployments.Reverse(), query.Catalog.Aliases, query.Catalog.QualityTable),
            Live = new(query.Live.At, query.Live.Deployments.Reverse()),
        };
        Check(RouteRecord.Write(ModelRouter.Decide(query)).AsSpan().SequenceEqual(RouteRecord.Write(ModelRouter.Decide(shuffled))), "bytes differ");
    }, iter: Runs);

    [Fact]
    public void A_record_read_back_decides_the_same() => Generate.Query.Sample(query =>
    {
        var bytes = RouteRecord.Write(ModelRouter.Decide(query));
        Check(RouteRecord.Write(ModelRouter.Decide(RouteRecord.Read(bytes, query.Catalog).Query)).AsSpan().SequenceEqual(bytes), "bytes differ");
    }, iter: Runs);

    [Fact]
    public void Tighter_hints_never_add_a_candidate() => Gen.Select(Generate.Query, Generate.Hints).Sample((query, asked) =>
    {
        var loose = ModelRouter.Decide(query with { Hints = CallerHints.None }).Ranked.Select(c => c.Deployment.Id).ToHashSet(StringComparer.Ordinal);
        var tight = ModelRouter.Decide(query with { Hints = asked }).Ranked.Select(c => c.Deployment.Id);
        Check(tight.All(loose.Contains), "a hint added a candidate");
    }, iter: Runs);

    [Fact]
    public void Anything_that_a_decision_depends_on_changes_its_id() => Generate.Query.Sample(query =>
    {
        var id = ModelRouter.Decide(query).Id;
        Check(id != ModelRouter.Decide(query with { Seed = query.Seed + 1 }).Id, "seed");
        Check(id != ModelRouter.Decide(query with { Live = query.Live.WithTime(query.At.AddMilliseconds(1)) }).Id, "time");
        Check(id != ModelRouter.Decide(query with { Policy = query.Policy with { Gap = query.Policy.Gap + 0.001 } }).Id, "policy");
        Check(id != ModelRouter.Decide(query with { Signals = query.Signals with { InputTokens = query.Signals.InputTokens + 1 } }).Id, "signals");
        Check(id != ModelRouter.Decide(query with { Hints = query.Hints with { Tags = ["x"] } }).Id, "hints");
    }, iter: Runs / 3);

    private static bool Means(string name, Deployment d) => name == d.Id || name == d.Provider || name == d.CanonicalModel;

    private static bool InRegion(IReadOnlyList<string> regions, string region) =>
        regions.Count == 0 || regions.Any(r => region == r || region.StartsWith(r + "-", StringComparison.Ordinal));

    private static void Check(bool holds, string what) => Assert.True(holds, what);
}
