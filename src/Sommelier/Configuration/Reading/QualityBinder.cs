using Sommelier.Quality;

namespace Sommelier.Configuration.Reading;

/// <summary>Makes the settings of the quality table out of valid values.</summary>
internal static class QualityBinder
{
    public static QualitySettings Bind(ConfigGroup? group)
    {
        var defaults = QualitySettings.Default;
        return group is null ? defaults : new()
        {
            ShadowEvals = group.Choice("evals", ["publish", "shadow"]) == 1,
            PublishFeedback = group.Choice("feedback", ["off", "publish"]) == 1,
            Every = group.Duration("every") ?? defaults.Every,
            HalfLife = group.Duration("half_life") ?? defaults.HalfLife,
            PriorMass = (double?)group.Number("prior_mass") ?? defaults.PriorMass,
            MaxMass = (double?)group.Number("max_mass") ?? defaults.MaxMass,
        };
    }
}
