using Sommelier.Catalog;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>Which of a provider's deployments serve only who names them.</summary>
public static class NamedOnlyFacts
{
    /// <summary>Marks moving names, special terms and second ids.</summary>
    public static void Mark(SortedDictionary<string, Deployment> models)
    {
        foreach (var model in models.Values.Where(m => m.Kind == ModelKind.Chat).ToArray())
        {
            var own = model.Model.EndsWith("-latest", StringComparison.Ordinal) ? NamedOnly.MovingName
                : model.Model.EndsWith("-contributor", StringComparison.Ordinal) ? NamedOnly.OtherTerms
                : NamedOnly.No;
            models[model.Model] = model with { NamedOnly = own };
        }

        foreach (var twins in models.Values.Where(m => m.Kind == ModelKind.Chat && m.NamedOnly == NamedOnly.No).GroupBy(SoldAs).Where(g => g.Count() > 1).ToArray())
        {
            var first = twins.OrderBy(m => m.Model != m.CanonicalModel).ThenBy(m => m.Lifecycle.At(CatalogBuild.Today) != ModelStatus.Active)
                .ThenBy(m => m.Model.Length).ThenBy(m => m.Model, StringComparer.Ordinal).First();
            foreach (var twin in twins.Where(t => t.Model != first.Model))
            {
                models[twin.Model] = twin with { NamedOnly = NamedOnly.OtherSpelling };
            }
        }
    }

    // The same model in the same wire format and region at the same price until the same day.
    private static (string, string, string, decimal?, decimal?, DateOnly?) SoldAs(Deployment model) =>
        (model.CanonicalModel, model.WireFormat, model.Region, model.Price?.InputUsdPerMillion, model.Price?.OutputUsdPerMillion, model.Lifecycle.RetiresOn);
}
