using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Quality;

/// <summary>What is believed of a deployment at an intent, and what own evidence that rests on.</summary>
/// <param name="Model">The deployment.</param>
/// <param name="Intent">The intent.</param>
/// <param name="Estimate">What is believed.</param>
/// <param name="Cell">The own evidence; null when there is none.</param>
internal sealed record QualityRow(string Model, Intent Intent, QualityEstimate Estimate, EvidenceCell? Cell)
{
    /// <summary>Rows of a table, best lower bound first within an intent.</summary>
    /// <param name="catalog">The catalog on which nothing was published.</param>
    /// <param name="version">The version; null for the catalog's own table.</param>
    /// <param name="model">Only this deployment, model or alias; null for all.</param>
    /// <param name="intent">Only this intent; null for all.</param>
    /// <returns>Without a model and an intent only the rows that have own evidence: a catalog has thousands.</returns>
    /// <exception cref="QualityException">There is no such model.</exception>
    public static IReadOnlyList<QualityRow> Of(CatalogSnapshot catalog, QualityVersion? version, string? model, Intent? intent)
    {
        var deployments = model is null ? catalog.Deployments : catalog.Resolve(model);
        if (deployments.Count == 0 && model is not null)
        {
            throw new QualityException("model", $"There is no model '{(model.Length <= 120 ? model : model[..120])}' here. 'sommelier models list' and GET /v1/models list them.");
        }

        var table = (version?.Over(catalog) ?? catalog).QualityTable;
        var rows =
            from deployment in deployments
            let cells = version?.Of(deployment) ?? []
            from number in Enumerable.Range(0, Intents.Count)
            let at = (Intent)number
            let cell = cells.FirstOrDefault(one => one.Intent == at)
            where intent is null ? model is not null || cell is not null : at == intent
            select new QualityRow(deployment.Id, at, table.Get(deployment, at), cell);
        return [.. rows.OrderBy(row => row.Intent).ThenByDescending(row => row.Estimate.Low).ThenBy(row => row.Model, StringComparer.Ordinal)];
    }
}
