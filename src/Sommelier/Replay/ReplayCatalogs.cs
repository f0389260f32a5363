using Sommelier.Catalog;
using Sommelier.Quality;
using Sommelier.Routing;

namespace Sommelier.Replay;

/// <summary>The catalogs that records were made on: this one, with the version of the quality table that each names.</summary>
internal sealed class ReplayCatalogs
{
    // Records come in the order of time, so older versions hardly come again.
    private const int MostHeld = 4;

    private readonly Queue<(string Version, CatalogSnapshot? Catalog)> held = new();
    private readonly CatalogSnapshot catalog;
    private readonly QualityBook book;
    private CatalogSnapshot last;

    /// <param name="catalog">On which nothing was published.</param>
    /// <param name="book">Holds the versions.</param>
    public ReplayCatalogs(CatalogSnapshot catalog, QualityBook book) => (this.catalog, this.book, last) = (catalog, book, catalog);

    /// <summary>Reads a record.</summary>
    /// <returns>Null when the catalog that it was made on is not held.</returns>
    /// <exception cref="FormatException">It is no record of a decision.</exception>
    public async ValueTask<RouteRecord?> ReadAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var record = RouteRecord.Read(json, last);
        if (record.IsExact)
        {
            return record;
        }

        if (await FindAsync(RouteRecord.QualityVersionOf(json), cancellationToken) is not { } other || ReferenceEquals(other, last))
        {
            return null;
        }

        last = other;
        record = RouteRecord.Read(json, other);
        return record.IsExact ? record : null;
    }

    private async ValueTask<CatalogSnapshot?> FindAsync(string version, CancellationToken cancellationToken)
    {
        foreach (var (name, known) in held)
        {
            if (string.Equals(name, version, StringComparison.Ordinal))
            {
                return known;
            }
        }

        CatalogSnapshot? found;
        try
        {
            found = await book.GetAsync(version, cancellationToken) is { } published ? published.Over(catalog) : catalog;
        }
        catch (QualityException missing) when (missing.IsMissing)
        {
            found = null;
        }

        if (held.Count == MostHeld)
        {
            held.Dequeue();
        }

        held.Enqueue((version, found));
        return found;
    }
}
