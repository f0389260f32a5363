using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Quality;

/// <summary>What is believed otherwise under one version than under another.</summary>
/// <param name="Model">The deployment.</param>
/// <param name="Intent">The intent.</param>
/// <param name="Before">What is believed under the first.</param>
/// <param name="After">What is believed under the second.</param>
/// <param name="Cell">The second's own evidence; null when it has none here.</param>
internal sealed record QualityDifference(string Model, Intent Intent, QualityEstimate Before, QualityEstimate After, EvidenceCell? Cell);

/// <summary>Compares versions. Pure.</summary>
internal static class QualityDiff
{
    // Smaller differences are those of ages and roundings.
    private const double Least = 0.0005;

    /// <summary>Every model and intent whose mean or lower bound differs by half a thousandth or more, largest difference of the bound first.</summary>
    /// <param name="catalog">The catalog on which nothing was published.</param>
    /// <param name="from">The first version; null for the catalog's own table.</param>
    /// <param name="to">The second version.</param>
    public static IReadOnlyList<QualityDifference> Of(CatalogSnapshot catalog, QualityVersion? from, QualityVersion? to)
    {
        var before = from?.Over(catalog) ?? catalog;
        var after = to?.Over(catalog) ?? catalog;
        var differences = new List<QualityDifference>();
        for (var i = 0; i < catalog.Deployments.Count; i++)
        {
            var deployment = catalog.Deployments[i];
            var cells = to?.Of(deployment) ?? [];
            for (var intent = 0; intent < Intents.Count; intent++)
            {
                var (old, next) = (before.QualityOf(i)[intent], after.QualityOf(i)[intent]);
                if (Math.Abs(old.Mean - next.Mean) >= Least || Math.Abs(old.Low - next.Low) >= Least)
                {
                    differences.Add(new(deployment.Id, (Intent)intent, old, next, cells.FirstOrDefault(cell => cell.Intent == (Intent)intent)));
                }
            }
        }

        return [.. differences.OrderByDescending(one => Math.Abs(one.After.Low - one.Before.Low)).ThenBy(one => one.Model, StringComparer.Ordinal).ThenBy(one => one.Intent)];
    }
}
