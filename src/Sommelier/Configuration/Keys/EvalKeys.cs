namespace Sommelier.Configuration.Keys;

/// <summary>Keys of <c>evals</c>.</summary>
internal static class EvalKeys
{
    public static IReadOnlyList<string> Publish { get; } = ["shadow", "live", "none"];

    public static KeySpec Evals { get; } = KeySpec.Group(
        "evals",
        "Evals that the gateway makes by itself",
        KeySpec.Group(
            "new_models",
            "Run models that the catalog did not have before on suites; off without this key",
            KeySpec.List("suites", "Suite files, in the order in which they are run") with { Required = true },
            KeySpec.Of(KeyKind.Number, "max_usd_per_day", "USD that all of it may cost on one day (UTC), judges included", min: 0.01m, max: 100_000) with { Required = true },
            KeySpec.List("providers", "Only models of these providers"),
            KeySpec.List("models", "Only these models: their own ids or provider/model, with * at the end for any rest"),
            KeySpec.Group(
                "first_look",
                "What decides whether a model is asked all cases",
                KeySpec.Of(KeyKind.Integer, "cases", "How many cases are asked first", "30", min: 20, max: 100_000),
                KeySpec.Of(KeyKind.Number, "gap", "How far below the best known model a cheaper one may stay and still be asked the rest", "0.15", min: 0, max: 1)),
            KeySpec.Choice("publish", "What becomes of a finished run: a version of the quality table that waits, one in force at once, or nothing", [.. Publish]) with { Default = "shadow" }));
}
