using Sommelier.Catalog;
using Sommelier.Quality;
using Sommelier.Routing;

namespace Sommelier.Gateway;

/// <summary>A recorded decision, decided again on the version of the quality table that it names.</summary>
/// <param name="Record">What was recorded.</param>
/// <param name="Decision">What is decided now.</param>
/// <param name="Difference">Why it need not be the same; null when nothing that it depends on has changed.</param>
internal sealed record Redecision(RouteRecord Record, RouteDecision Decision, string? Difference)
{
    /// <summary>Decides again.</summary>
    /// <param name="json">The record.</param>
    /// <param name="catalog">The catalog on which nothing was published.</param>
    /// <param name="book">Holds the versions.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FormatException">It is no record of a decision.</exception>
    public static async ValueTask<Redecision> OfAsync(ReadOnlyMemory<byte> json, CatalogSnapshot catalog, QualityBook book, CancellationToken cancellationToken)
    {
        var (version, difference) = await VersionAsync(RouteRecord.QualityVersionOf(json), book, cancellationToken);
        var record = RouteRecord.Read(json, version?.Over(catalog) ?? catalog);
        difference ??= record.IsExact
            ? null
            : $"the catalog has version {record.Query.Catalog.Version} here, and {record.CatalogVersion} in the record: other providers, models, prices or configured figures";
        return new(record, ModelRouter.Decide(record.Query), difference);
    }

    private static async ValueTask<(QualityVersion? Version, string? Difference)> VersionAsync(string name, QualityBook book, CancellationToken cancellationToken)
    {
        try
        {
            return (await book.GetAsync(name, cancellationToken), null);
        }
        catch (QualityException missing) when (missing.IsMissing)
        {
            return (book.Live, $"the quality table {name} of the record is not held here any more; {book.Live?.Info.Name ?? QualityVersion.None} was taken");
        }
    }
}
