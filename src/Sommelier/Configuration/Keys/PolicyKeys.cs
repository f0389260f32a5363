namespace Sommelier.Configuration.Keys;

/// <summary>Keys of <c>policies</c> and <c>classifier</c>.</summary>
internal static class PolicyKeys
{
    /// <summary>The policies that exist without configuration.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [.. Routing.Policies.BuiltIn.Select(policy => policy.Name)];

    /// <summary>How the models that may serve a request are put in order.</summary>
    public static IReadOnlyList<string> Strategies { get; } = [.. Routing.StrategyRegistry.NamesForPolicies];

    /// <summary>Of policies and of profiles.</summary>
    internal static KeySpec First { get; } = KeySpec.List(
        "first",
        "Groups that come before all other models, in order, whatever the strategy says: local (on-prem), free, measured (own evidence, known price, measured latency)",
        KeySpec.Choice("group", "A group", Words.CandidateGroups));

    private static readonly KeySpec[] Ranking =
    [
        KeySpec.Text("extends", "The policy whose settings it starts from") with { Default = "balanced" },
        KeySpec.Choice("strategy", "How models that may serve are put in order", Strategies),
        KeySpec.Of(KeyKind.Number, "gap", "Points of success rate that a model may lie below the best and still be good enough", min: 0, max: 100),
        KeySpec.Of(KeyKind.Number, "steady", "How wide the line of the gap is, as a share of it, where the usual choice stays; 0 for a sharp line (docs/routing.md)", min: 0, max: 1),
        KeySpec.Group(
            "weights",
            "What the strategy weighted takes a success rate of 1, a US dollar and a second to be worth",
            KeySpec.Of(KeyKind.Number, "quality", "Per success rate of 1", "1", min: 0, max: 1_000_000),
            KeySpec.Of(KeyKind.Number, "cost", "Per USD of the request", "5", min: 0, max: 1_000_000),
            KeySpec.Of(KeyKind.Number, "latency", "Per second until the answer is whole", "0.001", min: 0, max: 1_000_000)),
        First,
        KeySpec.Map("prefer", "Models to try first, in order, by intent or group of intents", KeySpec.List("INTENT", "Models, best first"), Words.IntentsAndGroups),
        KeySpec.List("order", "Models to try first, in order, for every intent that prefer does not name"),
        KeySpec.Choice(
            "balance",
            "Which of several deployments of the chosen model at the same price is asked: the one that answers sooner, one drawn by weight, or the one with the fewest calls under way for its weight (docs/routing.md)",
            Words.Balance) with { Default = "latency" },
    ];

    /// <summary>What may serve: of policies and of profiles.</summary>
    internal static IReadOnlyList<KeySpec> Limits { get; } =
    [
        KeySpec.Of(KeyKind.Number, "max_cost_usd", "The most that a request may be expected to cost", min: 0, max: 1_000_000),
        KeySpec.Of(KeyKind.Integer, "max_latency_ms", "The most milliseconds to the first chunk", min: 1, max: 3_600_000),
        KeySpec.Of(KeyKind.Number, "min_quality", "The least expected success rate, 0 to 1", min: 0, max: 1),
        KeySpec.List("regions", "Regions that may serve; eu holds for eu-west-1 too"),
        KeySpec.Choice("data", "How delicate its requests are at least", Words.DataClasses),
        KeySpec.Choice("uncleared_data", "What providers that nobody has cleared are taken to be cleared for", Words.DataClasses) with { Default = "public" },
        KeySpec.List("only", "Providers, models or deployments that alone may serve"),
        KeySpec.List("exclude", "Providers, models or deployments that must not serve"),
        KeySpec.Of(KeyKind.Date, "freeze", "Models released after this day are not used"),
        KeySpec.Of(KeyKind.Boolean, "allow_preview", "Whether models in preview may serve", "true"),
        KeySpec.Of(KeyKind.Duration, "min_life", "Models that retire sooner than this are not used unless they are named", "0d", min: 0, max: 315_360_000),
    ];

    private static readonly KeySpec Cascade = KeySpec.Group(
        "cascade",
        "A cheap model answers first, its answer is checked, and the policy's choice is asked when it does not pass: off unless it is written (docs/routing.md)",
        KeySpec.Of(KeyKind.Boolean, "enabled", "Whether it is on, where the policy that this one extends has it", "true"),
        KeySpec.List("first", "The models that may answer first, best first"),
        KeySpec.Group(
            "checks",
            "What the answer must pass, in this order",
            KeySpec.Of(KeyKind.Boolean, "schema", "It has the JSON form that the caller asked for, where one was", "true"),
            KeySpec.Text("regex", "Its text matches this expression somewhere; without look-around and back-references"),
            KeySpec.Group(
                "agree",
                "The model gives the same result when it is asked again",
                KeySpec.Of(KeyKind.Integer, "samples", "How often it is asked in all", "3", min: 2, max: 9),
                KeySpec.Of(KeyKind.Integer, "min", "How many of the answers must give the first one's result, that one among them", "2", min: 2, max: 9)),
            KeySpec.Group(
                "judge",
                "Another model scores it",
                KeySpec.Text("model", "The judge") with { Required = true },
                KeySpec.Of(KeyKind.Number, "min", "The least score, 0 to 1", "0.7", min: 0, max: 1),
                KeySpec.Text("criterion", "What it looks for") with { Default = "that the answer does what the task asks and says nothing false" }) with { Shorthand = "model" }),
        KeySpec.Of(KeyKind.Boolean, "streams", "Whether streams are held until they are checked; otherwise they have no cascade", "false"),
        KeySpec.Of(KeyKind.Boolean, "tools", "Whether requests that offer functions have one, as long as none has been called; calls are held to their schemas", "false"),
        KeySpec.Of(KeyKind.Number, "max_extra_usd", "The most that the first answer and its checks may cost", "0.01", min: 0, max: 1_000_000),
        KeySpec.Of(KeyKind.Integer, "max_extra_ms", "The most milliseconds that they may take", "5000", min: 1, max: 3_600_000)) with { Shorthand = "enabled" };

    private static readonly KeySpec Classify = KeySpec.Group(
        "classify",
        "What follows when the classifier does not stand by a request's intent",
        KeySpec.Group(
            "on_abstain",
            "A cheap model is asked for the intent: off unless it is written (docs/classifier.md)",
            KeySpec.Of(KeyKind.Boolean, "enabled", "Whether it is on, where the policy that this one extends has it", "true"),
            KeySpec.Text("model", "The model"),
            KeySpec.Of(KeyKind.Integer, "timeout_ms", "How many milliseconds a request waits for it", "400", min: 1, max: 60_000),
            KeySpec.Of(KeyKind.Duration, "cache", "How long its answer holds for the same turn of the same caller; 0 for not at all", "1h", min: 0, max: 2_592_000)) with { Shorthand = "enabled" });

    private static readonly KeySpec[] Failures =
    [
        KeySpec.Of(KeyKind.Boolean, "fallback", "Whether another model may answer when the first fails", "true"),
        KeySpec.Of(KeyKind.Boolean, "pinned_fallback", "Whether another model may answer when one that was named outright fails", "false"),
        KeySpec.Of(KeyKind.Boolean, "successor", "Whether a retired model that was named outright is replaced by its successor", "false"),
        KeySpec.Choice("on_break", "What follows when a stream breaks that the caller has begun to read: the error, another model that goes on with the text, or a new answer for callers that ask for it (docs/faults.md)", Words.OnBreak) with { Default = "error" },
        KeySpec.Group(
            "hedge",
            "When a second model is asked because the first is late with its stream: off unless it is written (docs/routing.md)",
            KeySpec.Of(KeyKind.Boolean, "enabled", "Whether it is on, where the policy that this one extends has it", "true"),
            KeySpec.Of(KeyKind.Duration, "after", "How late: p95 is the 95th percentile of the model's own recent times", "p95", min: 0.01m, max: 600) with { Choices = ["p95"] },
            KeySpec.Of(KeyKind.Number, "max_share", "The greatest share of stream requests, counted over the whole process", "0.05", min: 0, max: 1),
            KeySpec.Of(KeyKind.Number, "max_usd_per_hour", "The most that it may cost beyond what the requests would have cost without it", "1", min: 0, max: 1_000_000)) with { Shorthand = "enabled" },
        KeySpec.Group(
            "escalate",
            "When a better model than the last one is asked because its answer was not enough: off unless it is written (docs/routing.md)",
            KeySpec.Of(KeyKind.Boolean, "enabled", "Whether it is on, where the policy that this one extends has it", "true"),
            KeySpec.Of(KeyKind.Boolean, "on_repeat", "When the asker asks the same again, or says that the answer is wrong", "true"),
            KeySpec.Of(KeyKind.Integer, "on_stall", "When a tool loop makes the same call with the same arguments so often; 0 for never", "3", min: 0, max: 100)) with { Shorthand = "enabled" },
        Cascade,
        Classify,
        KeySpec.Group(
            "sticky",
            "When a conversation keeps its model although another now ranks first",
            KeySpec.Of(KeyKind.Boolean, "enabled", "Whether conversations keep their model", "true"),
            KeySpec.Of(KeyKind.Duration, "keep_for", "How long after its last turn a conversation is taken to go on", "1h", min: 1, max: 2_592_000),
            KeySpec.Of(KeyKind.Duration, "cache_for", "How long providers keep a prefix in their cache", "5m", min: 0, max: 86_400),
            KeySpec.Of(KeyKind.Number, "certainty", "The model is displaced when the other is better with more than this probability", "0.9", min: 0, max: 1),
            KeySpec.Of(KeyKind.Number, "saving", "Or when the other saves more than this share of the turn's cost at no less quality", "0.3", min: 0, max: 1)) with { Shorthand = "enabled" },
        KeySpec.Group(
            "cache",
            "Whether a stored answer may stand for a new one when the request is the same; absent: when a caller asks for it",
            KeySpec.Of(KeyKind.Boolean, "enabled", "true: unless a caller declines it; false: never, whoever asks", "true"),
            KeySpec.Of(KeyKind.Duration, "ttl", "How old a stored answer may be", "10m", min: 1, max: 2_592_000),
            KeySpec.Group(
                "similar",
                "Also the answer to a request that is the same but for the words of its last turn, where these say almost the same: off unless it is written (docs/api.md)",
                KeySpec.Of(KeyKind.Boolean, "enabled", "Whether it is on, where the policy that this one extends has it", "true"),
                KeySpec.Text("model", "The model that makes vectors of the turns"),
                KeySpec.Of(KeyKind.Number, "at_least", "The least cosine of two turns' vectors", "0.95", min: 0.5m, max: 1),
                KeySpec.Of(KeyKind.Integer, "timeout_ms", "How many milliseconds a request waits for its vector", "400", min: 1, max: 60_000)) with { Shorthand = "enabled" }) with { Shorthand = "enabled" },
    ];

    /// <summary>Of policies and of profiles.</summary>
    internal static KeySpec Explore { get; } = KeySpec.Group(
        "explore",
        "A share of first turns that tries another model than the one that ranks first, so that evidence grows: off unless it is written (docs/routing.md)",
        KeySpec.Of(KeyKind.Number, "share", "The percentage of eligible requests", min: 0, max: 50) with { Required = true },
        KeySpec.Of(KeyKind.Number, "max_cost_ratio", "Models that cost more than this many times the first are left out", "3", min: 1, max: 1_000)) with { Shorthand = "share" };

    private static readonly KeySpec[] Experiments =
    [
        KeySpec.Map("split", "Policies or models that share the conversations between them, each with its percentage; they sum to 100", KeySpec.Of(KeyKind.Number, "NAME", "Its percentage of conversations", min: 0, max: 100)),
        KeySpec.Group(
            "canary",
            "A policy or model that serves a small share of the conversations, and is rolled back by itself when it does worse: off unless it is written (docs/routing.md)",
            KeySpec.Text("to", "The policy or model") with { Required = true },
            KeySpec.Of(KeyKind.Number, "share", "Its percentage of conversations; 0 for none", min: 0, max: 50) with { Required = true },
            KeySpec.Of(KeyKind.Integer, "min_requests", "So many of its requests are seen before latency and cost are judged", "50", min: 5, max: 1_000_000),
            KeySpec.Of(KeyKind.Number, "max_error_increase", "By how many points more of its requests may fail than of the policy's own", "5", min: 0, max: 100),
            KeySpec.Of(KeyKind.Number, "max_latency_ratio", "How many times the policy's own its time to the first content may be", "1.5", min: 1, max: 1_000),
            KeySpec.Of(KeyKind.Number, "max_cost_ratio", "How many times the policy's own its cost may be", "2", min: 1, max: 1_000)),
        Explore,
        KeySpec.Of(KeyKind.Number, "try_unmeasured", "The percentage of first turns, of streams alone, that the strategy fastest sends to a model of unknown speed, so that it is measured; none where explore is 0 (docs/routing.md)", "5", min: 0, max: 50),
        KeySpec.Group(
            "shadow",
            "A model that is sent copies of requests after they were answered; no caller sees its answers: off unless it is written (docs/routing.md)",
            KeySpec.Text("to", "The model") with { Required = true },
            KeySpec.Of(KeyKind.Number, "share", "The percentage of requests that are copied; 0 for none", min: 0, max: 100) with { Required = true },
            KeySpec.Of(KeyKind.Number, "max_usd_per_day", "The most that the policy's copies may cost in a UTC day", "1", min: 0, max: 1_000_000)),
    ];

    private static readonly KeySpec[] Settings = [.. Ranking, .. Limits, .. Failures, .. Experiments];

    private static readonly KeySpec Rule = KeySpec.Group(
        "RULE",
        "An exception: when its condition holds, its keys are laid over the policy, or another policy holds instead",
        [
            KeySpec.Text("when", "The condition, over signals, tags and caller (docs/routing.md)") with { Required = true },
            KeySpec.Text("name", "What decision records call it") with { Default = "rule 1, rule 2, ..." },
            KeySpec.Text("use", "The policy that holds instead, with its own rules; no other key beside it"),
            .. Settings.Where(key => key.Name is not "extends"),
        ]);

    public static KeySpec Policy { get; } = KeySpec.Group(
        "NAME",
        "A policy, called as auto/NAME; a key that is absent is as in the policy that it extends",
        [.. Settings, KeySpec.List("rules", "Exceptions in order; the first whose condition holds is taken", Rule)]);

    public static KeySpec Policies { get; } = KeySpec.Map("policies", "How models are chosen; frugal, balanced, premium and fast exist already", Policy) with
    {
        Keys =
        [
            KeySpec.Text("default", "The policy of requests that name none") with { Default = "balanced" },
            KeySpec.Text("time_zone", "Where the conditions of rules take the time and the weekday from, like Europe/Berlin") with { Default = "UTC" },
        ],
    };

    public static KeySpec Classifier { get; } = KeySpec.Group(
        "classifier",
        "How the kind of a request is told",
        KeySpec.Of(KeyKind.Number, "abstain_below", "Below this confidence the kind counts as unknown", "the classifier's own", min: 0, max: 1),
        KeySpec.Group(
            "difficulty",
            "A trained predictor in the place of the signal difficulty: off unless it is written (docs/routing.md)",
            KeySpec.Text("predictor", "The file that bench-router --save wrote") with { Required = true },
            KeySpec.Text("model", "The model of the file whose failure is predicted") with { Default = "the one that failed most" }) with { Shorthand = "predictor" });
}
