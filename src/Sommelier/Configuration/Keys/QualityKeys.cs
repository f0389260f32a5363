namespace Sommelier.Configuration.Keys;

/// <summary>Keys of <c>quality</c>.</summary>
internal static class QualityKeys
{
    public static KeySpec Quality { get; } = KeySpec.Group(
        "quality",
        "How evidence of answers becomes what is believed of models",
        KeySpec.Choice("feedback", "Whether what callers say of answers is published by itself, or waits until somebody publishes it", "off", "publish") with { Default = "off" },
        KeySpec.Choice("evals", "Whether a published eval run is in force at once, or a shadow until somebody puts it in force", "publish", "shadow") with { Default = "publish" },
        KeySpec.Of(KeyKind.Duration, "every", "How often at most feedback is published", "1h", min: 1, max: 2_592_000),
        KeySpec.Of(KeyKind.Duration, "half_life", "After how long evidence counts half", "30d", min: 3600, max: 315_360_000),
        KeySpec.Of(KeyKind.Number, "prior_mass", "How many answers' worth of what was believed before is left beside any amount of evidence", "10", min: 0.1m, max: 1000),
        KeySpec.Of(KeyKind.Number, "max_mass", "How many answers a belief is worth at most", "200", min: 10, max: 100_000));
}
