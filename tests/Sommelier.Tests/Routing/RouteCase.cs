using System.Globalization;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Routing;
using Sommelier.Routing.Cascading;

namespace Sommelier.Tests.Routing;

/// <summary>A routing case in one file: the request, a blank line, the catalog, ten dashes, the expected plan. '#' begins a comment.</summary>
internal sealed class RouteCase
{
    public const string Divider = "----------";

    private static readonly DateTimeOffset DefaultAt = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private RouteCase(RouteQuery query) => Query = query;

    public RouteQuery Query { get; }

    public static RouteCase Parse(string text)
    {
        var given = text.Split(Divider)[0].Split('\n').Select(l => l.Trim()).Where(l => !l.StartsWith('#')).ToList();
        var split = given.FindIndex(l => l.Length == 0);
        var request = given.Take(split).Select(l => l.Split(' ', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? p[1] : "", StringComparer.Ordinal);
        var at = request.TryGetValue("at", out var time) ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : DefaultAt;
        var catalog = CatalogText.Read(given.Skip(split).Where(l => l.Length > 0), at, out var live);
        return new(new()
        {
            Model = request.GetValueOrDefault("model", "auto"),
            Signals = SignalsOf(request),
            Hints = HintsOf(request),
            KeyModels = List(request, "key.models"),
            Caller = new(request.GetValueOrDefault("caller.key"), request.GetValueOrDefault("caller.team"), request.GetValueOrDefault("caller.organisation")),
            Catalog = catalog,
            Live = live,
            Policy = PolicyOf(request),
            RolledBack = RolledBackOf(request, at),
            Seed = long.Parse(request.GetValueOrDefault("seed", "0"), CultureInfo.InvariantCulture),
            Prior = PriorOf(request, at),
        });
    }

    /// <summary>The plan as it stands below the divider.</summary>
    public static string Render(RouteDecision decision)
    {
        var text = new StringBuilder();
        if (decision.Error is { } error)
        {
            text.Append(CultureInfo.InvariantCulture, $"error {error.Status} {error.Kind}: {error.Message}\n");
        }
        else
        {
            var choice = decision.Query.Choice;
            text.Append(CultureInfo.InvariantCulture, $"{decision.Reason.Token()}{(choice.Rule is { } rule ? $" by {rule}" : "")}{(choice.Arm is { } arm ? $" to {arm}" : "")}{(choice.Canary is { } canary ? $" canary {canary.To} {canary.Arm}" : "")}{(decision.Propensity < 1 ? $" p={decision.Propensity:0.0000}" : "")}\n");
        }

        if (decision.Cascade is { } cascade)
        {
            text.Append(cascade.Declined is { } why
                ? $"cascade declined {EnumNames<CascadeDecline>.Of(why)}\n"
                : string.Create(CultureInfo.InvariantCulture, $"cascade {cascade.First.Deployment.Id} then {cascade.Next.Deployment.Id}{(cascade.Judge is { } judge ? $" judge {judge.Deployment.Id}" : "")}{(cascade.OutputCap is { } cap ? $" cap {cap}" : "")} at most ${cascade.ExtraNanoUsd / 1e9:0.000000} {cascade.ExtraTokens} tokens\n"));
        }

        foreach (var c in decision.Ranked)
        {
            var cost = double.IsFinite(c.CostUsd) ? string.Create(CultureInfo.InvariantCulture, $"${c.CostUsd:0.000000}") : "$?";
            var latency = double.IsFinite(c.LatencyMs) ? string.Create(CultureInfo.InvariantCulture, $"{c.LatencyMs:0}ms") : "?ms";
            var marks = (c.GoodEnough ? " good_enough" : "") + (c.Rank > decision.Plan.Count ? " not_tried" : "");
            text.Append(CultureInfo.InvariantCulture, $"{c.Rank} {c.Deployment.Id} {c.QualityMean:0.000}/{c.QualityLow:0.000} {cost} {latency}{marks}\n");
        }

        foreach (var dropped in decision.Dropped)
        {
            text.Append(CultureInfo.InvariantCulture, $"x {dropped.Deployment.Id} {dropped.Constraint}: {dropped.Detail}\n");
        }

        return text.ToString();
    }

    private static RequestSignals SignalsOf(Dictionary<string, string> request)
    {
        var intent = request.GetValueOrDefault("intent", "knowledge_qa 1").Split(' ');
        Assert.True(Intents.TryParse(intent[0], out var top), $"no intent {intent[0]}");
        var confidence = float.Parse(intent[1], CultureInfo.InvariantCulture);
        var distribution = new float[Intents.Count];
        Array.Fill(distribution, (1 - confidence) / (Intents.Count - 1));
        distribution[(int)top] = confidence;
        var tokens = request.GetValueOrDefault("tokens", "1000 500").Split(' ');
        var needs = request.GetValueOrDefault("needs", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (request.GetValueOrDefault("operation") is "embeddings")
        {
            return new() { Operation = Operation.Embeddings, InputTokens = int.Parse(tokens[0], CultureInfo.InvariantCulture) };
        }

        return new()
        {
            Intent = top,
            Group = top.Group(),
            Confidence = confidence,
            GroupConfidence = Enumerable.Range(0, Intents.Count).Where(i => ((Intent)i).Group() == top.Group()).Sum(i => distribution[i]),
            Abstained = intent.Contains("abstained"),
            Distribution = distribution,
            InputTokens = int.Parse(tokens[0], CultureInfo.InvariantCulture),
            ExpectedOutputTokens = int.Parse(tokens[1], CultureInfo.InvariantCulture),
            MaxOutputTokens = request.TryGetValue("max_tokens", out var max) ? int.Parse(max, CultureInfo.InvariantCulture) : null,
            CacheableTokens = int.Parse(request.GetValueOrDefault("cacheable", "0"), CultureInfo.InvariantCulture),
            Stream = needs.Contains("stream"),
            ToolCount = needs.Contains("tools") ? 2 : 0,
            ToolsUsed = needs.Contains("tool_loop"),
            ToolLoop = needs.Contains("tool_loop"),
            Repeated = Flag(request, "repeated") ?? false,
            Stalled = (int)(Decimal(request, "stalled") ?? 0),
            Prefill = needs.Contains("prefill"),
            Media = (needs.Contains("image") ? MediaKind.Image : 0) | (needs.Contains("audio") ? MediaKind.Audio : 0)
                | (needs.Contains("video") ? MediaKind.Video : 0) | (needs.Contains("pdf") ? MediaKind.Document : 0),
            ResponseFormat = needs.Contains("json_schema") ? ResponseFormatKind.JsonSchema : needs.Contains("json") ? ResponseFormatKind.JsonObject : ResponseFormatKind.Text,
            ReasoningEffort = needs.Contains("reasoning") ? ReasoningEffort.Medium : null,
            ExpectedReasoningTokens = needs.Contains("reasoning") ? 2_000 : 0,
            ConversationKey = ulong.Parse(request.GetValueOrDefault("conversation", "0"), CultureInfo.InvariantCulture),
        };
    }

    private static CallerHints HintsOf(Dictionary<string, string> request) => new()
    {
        MaxCostUsd = Decimal(request, "hint.max_cost_usd"),
        MaxLatencyMs = (int?)Decimal(request, "hint.max_latency_ms"),
        MinQuality = (double?)Decimal(request, "hint.min_quality"),
        Data = request.TryGetValue("hint.data", out var data) ? Enum.Parse<DataClass>(data, ignoreCase: true) : null,
        Regions = List(request, "hint.regions"),
        Only = List(request, "hint.only"),
        Exclude = List(request, "hint.exclude"),
        Strict = Flag(request, "hint.strict"),
        Fallback = Flag(request, "hint.fallback"),
        Tags = List(request, "hint.tags"),
    };

    private static Policy PolicyOf(Dictionary<string, string> request)
    {
        var basis = PolicySet.BuiltIn.Find(request.GetValueOrDefault("policy", "balanced"))!;
        var prefer = request.Where(p => p.Key.StartsWith("policy.prefer.", StringComparison.Ordinal)).ToDictionary(
            p => Intents.TryParse(p.Key["policy.prefer.".Length..], out var intent) ? intent : throw new FormatException(p.Key),
            IReadOnlyList<string> (p) => List(request, p.Key));
        var policy = basis with
        {
            Strategy = request.GetValueOrDefault("policy.strategy", basis.Strategy),
            Gap = (double?)Decimal(request, "policy.gap") ?? basis.Gap,
            Steady = (double?)Decimal(request, "policy.steady") ?? basis.Steady,
            TryUnmeasured = (double?)Decimal(request, "policy.try_unmeasured") ?? basis.TryUnmeasured,
            Weights = request.TryGetValue("policy.weights", out var w) ? Weights(w) : basis.Weights,
            Prefer = prefer,
            First = [.. List(request, "policy.first").Select(group => Enum.Parse<CandidateGroup>(group, ignoreCase: true))],
            Order = List(request, "policy.order"),
            MaxCostUsd = Decimal(request, "policy.max_cost_usd"),
            MaxLatencyMs = (int?)Decimal(request, "policy.max_latency_ms"),
            MinQuality = (double?)Decimal(request, "policy.min_quality"),
            Data = request.TryGetValue("policy.data", out var data) ? Enum.Parse<DataClass>(data, ignoreCase: true) : null,
            UnclearedData = Enum.Parse<DataClass>(request.GetValueOrDefault("policy.uncleared_data", "public"), ignoreCase: true),
            Regions = List(request, "policy.regions"),
            Only = List(request, "policy.only"),
            Profile = request.ContainsKey("policy.profile_only") ? "ours" : null,
            ProfileOnly = List(request, "policy.profile_only"),
            Exclude = List(request, "policy.exclude"),
            FreezeDate = request.TryGetValue("policy.freeze_date", out var day) ? DateOnly.Parse(day, CultureInfo.InvariantCulture) : null,
            AllowPreview = Flag(request, "policy.allow_preview") ?? true,
            MinLifeDays = (int?)Decimal(request, "policy.min_life_days"),
            AllowFallback = Flag(request, "policy.allow_fallback") ?? true,
            PinnedFallback = Flag(request, "policy.pinned_fallback") ?? false,
            Successor = Flag(request, "policy.successor") ?? false,
            Escalate = request.TryGetValue("policy.escalate", out var escalate) ? new() { OnRepeat = escalate is not "stall", OnStall = escalate is "repeat" ? null : 3 } : null,
            Cascade = CascadeOf(request),
            Balance = request.TryGetValue("policy.balance", out var balance) ? EnumNames<BalanceMode>.Parse(balance)!.Value : BalanceMode.Latency,
            Sticky = Flag(request, "policy.sticky") == false ? new() { Enabled = false } : new(),
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById(request.GetValueOrDefault("policy.time_zone", "UTC")),
            Explore = Decimal(request, "policy.explore") is { } share ? new() { Share = (double)share } : null,
        };
        return policy with { Rules = RulesOf(policy, request), Canary = CanaryOf(policy, request.GetValueOrDefault("policy.canary", "")), Split = SplitOf(policy, request.GetValueOrDefault("policy.split", "")) };
    }

    // "policy.cascade a/cheap, b/cheap"; "policy.cascade.samples 3 2"; by default its answer must match x.
    private static CascadeSettings? CascadeOf(Dictionary<string, string> request)
    {
        if (!request.ContainsKey("policy.cascade"))
        {
            return null;
        }

        var samples = request.GetValueOrDefault("policy.cascade.samples", "1 1").Split(' ');
        var regex = request.GetValueOrDefault("policy.cascade.regex", "x");
        return new()
        {
            First = List(request, "policy.cascade"),
            Regex = regex is "none" ? null : regex,
            Samples = int.Parse(samples[0], CultureInfo.InvariantCulture),
            Agreeing = int.Parse(samples[1], CultureInfo.InvariantCulture),
            Judge = request.GetValueOrDefault("policy.cascade.judge"),
            Criterion = request.ContainsKey("policy.cascade.judge") ? "It is short." : null,
            JudgeMin = 0.6,
            Streams = Flag(request, "policy.cascade.streams") ?? false,
            Tools = Flag(request, "policy.cascade.tools") ?? false,
            MaxExtraUsd = Decimal(request, "policy.cascade.max_extra_usd") ?? 0.01m,
            MaxExtraMs = (int)(Decimal(request, "policy.cascade.max_extra_ms") ?? 5_000),
        };
    }

    // "policy.rule.NAME CONDITION -> use POLICY", "-> order MODEL, MODEL", "-> split NAME 90, NAME 10" or "-> canary NAME 5".
    private static PolicyRule[] RulesOf(Policy policy, Dictionary<string, string> request) =>
    [
        .. request.Where(p => p.Key.StartsWith("policy.rule.", StringComparison.Ordinal)).Select(p =>
        {
            var (when, then) = (p.Value.Split(" -> ")[0], p.Value.Split(" -> ")[1].Split(' ', 2));
            return new PolicyRule(p.Key["policy.rule.".Length..], Condition.Parse(when), then[0] switch
            {
                "use" => PolicySet.BuiltIn.Find(then[1])! with { Name = policy.Name },
                "order" => policy with { Order = then[1].Split(", ") },
                "split" => policy with { Split = SplitOf(policy, then[1]) },
                "canary" => policy with { Canary = CanaryOf(policy, then[1]) },
                _ => throw new FormatException(p.Value),
            });
        }),
    ];

    private static PolicyArm[] SplitOf(Policy policy, string text) =>
    [
        .. text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(arm =>
        {
            var (name, share) = (arm.Split(' ')[0], double.Parse(arm.Split(' ')[1], CultureInfo.InvariantCulture) / 100);
            return new PolicyArm(name, share, ArmOf(policy, name));
        }),
    ];

    private static CanarySettings? CanaryOf(Policy policy, string text) => text.Split(' ') is [{ Length: > 0 } name, var share]
        ? new() { To = name, Share = double.Parse(share, CultureInfo.InvariantCulture) / 100, Then = ArmOf(policy, name) }
        : null;

    private static Policy ArmOf(Policy policy, string name) => PolicySet.BuiltIn.Find(name) is { } other ? other with { Name = policy.Name } : policy with { Order = [name] };

    // "canary.rolled_back 60": the policy's own canary, sixty seconds ago.
    private static Dictionary<CanaryKey, DateTimeOffset> RolledBackOf(Dictionary<string, string> request, DateTimeOffset at) =>
        request.TryGetValue("canary.rolled_back", out var seconds) && PolicyOf(request) is { Canary: { } canary } policy
            ? new() { [new(policy.Name, canary.Version)] = at.AddSeconds(-int.Parse(seconds, CultureInfo.InvariantCulture)) }
            : [];

    private static PolicyWeights Weights(string text)
    {
        var parts = text.Split(' ').Select(p => double.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return new(parts[0], parts[1], parts[2]);
    }

    // "prior a/x 60 800": served by a/x 60 seconds ago, 800 tokens cached.
    private static PriorChoice? PriorOf(Dictionary<string, string> request, DateTimeOffset at)
    {
        if (!request.TryGetValue("prior", out var text))
        {
            return null;
        }

        var parts = text.Split(' ');
        return new(parts[0], at.AddSeconds(-int.Parse(parts[1], CultureInfo.InvariantCulture)), int.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    private static decimal? Decimal(Dictionary<string, string> request, string key) =>
        request.TryGetValue(key, out var text) ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

    private static bool? Flag(Dictionary<string, string> request, string key) =>
        request.TryGetValue(key, out var text) ? bool.Parse(text) : null;

    private static string[] List(Dictionary<string, string> request, string key) =>
        request.TryGetValue(key, out var text) ? text.Split(',', StringSplitOptions.TrimEntries) : [];
}
