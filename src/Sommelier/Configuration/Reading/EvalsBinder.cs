using Sommelier.Configuration.Keys;

namespace Sommelier.Configuration.Reading;

/// <summary>Makes the settings of evals that the gateway makes by itself out of valid values.</summary>
internal static class EvalsBinder
{
    /// <summary>Null: it makes none.</summary>
    public static NewModelsConfig? Bind(ConfigGroup? group)
    {
        if (group?.Group("new_models") is not { } models)
        {
            return null;
        }

        var settings = new NewModelsConfig { Suites = models.Texts("suites")!, MaxUsdPerDay = models.Number("max_usd_per_day")!.Value };
        var look = models.Group("first_look");
        return settings with
        {
            Providers = models.Texts("providers") ?? settings.Providers,
            Models = models.Texts("models") ?? settings.Models,
            FirstLookCases = look?.Integer("cases") ?? settings.FirstLookCases,
            FirstLookGap = (double?)look?.Number("gap") ?? settings.FirstLookGap,
            Publish = (NewModelsPublish)(models.Choice("publish", EvalKeys.Publish) ?? 0),
        };
    }
}
