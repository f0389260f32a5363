using Sommelier.Catalog;
using Sommelier.Ledger.Catalogs;
using Sommelier.Quality;
using Sommelier.Routing;

namespace Sommelier.Replay;

/// <summary>Which catalog logged requests are decided on.</summary>
internal enum ReplayedCatalog
{
    /// <summary>The one that was in force at each, where it is held.</summary>
    AsOf,

    /// <summary>The present one: what the requests would cost and get today.</summary>
    Present,
}

/// <summary>The catalogs that records were made on: the present one and those that were kept, with the version of the quality table that each record names.</summary>
internal sealed class ReplayCatalogs
{
    // Records come in the order of time, so older versions hardly come again.
    private const int MostHeld = 8;

    private readonly Queue<(string Version, CatalogSnapshot? Catalog)> held = new();
    private readonly CatalogSnapshot present;
    private readonly QualityBook book;
    private readonly CatalogStore? store;
    private IReadOnlyList<string>? stored;
    private CatalogSnapshot basis;
    private CatalogSnapshot last;

    /// <param name="present">The catalog as it is configured now, on which nothing was published.</param>
    /// <param name="book">Holds the versions of the quality table.</param>
    /// <param name="store">Holds earlier catalogs; null: none are.</param>
    public ReplayCatalogs(CatalogSnapshot present, QualityBook book, CatalogStore? store) =>
        (this.present, this.book, this.store, basis, last) = (present, book, store, present, present);

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

        if (await FindAsync(record.CatalogVersion, RouteRecord.QualityVersionOf(json), cancellationToken) is not { } other)
        {
            return null;
        }

        last = other;
        return RouteRecord.Read(json, other);
    }

    private async ValueTask<CatalogSnapshot?> FindAsync(string version, string quality, CancellationToken cancellationToken)
    {
        foreach (var (name, known) in held)
        {
            if (string.Equals(name, version, StringComparison.Ordinal))
            {
                return known;
            }
        }

        var found = await SearchAsync(version, quality, cancellationToken);
        if (held.Count == MostHeld)
        {
            held.Dequeue();
        }

        held.Enqueue((version, found));
        return found;
    }

    // A record names the catalog with what was published over it, so each that is held is tried with that version over it, the last that fitted first.
    private async ValueTask<CatalogSnapshot?> SearchAsync(string version, string quality, CancellationToken cancellationToken)
    {
        QualityVersion? published;
        try
        {
            published = await book.GetAsync(quality, cancellationToken);
        }
        catch (QualityException missing) when (missing.IsMissing)
        {
            return null;
        }

        foreach (var one in ReferenceEquals(basis, present) ? [present] : (CatalogSnapshot[])[basis, present])
        {
            if (Fits(one) is { } same)
            {
                return same;
            }
        }

        stored ??= store is null ? [] : await store.VersionsAsync(cancellationToken);
        foreach (var name in stored)
        {
            if (await store!.GetAsync(name, cancellationToken) is { } earlier && Fits(earlier) is { } fitting)
            {
                basis = earlier;
                return fitting;
            }
        }

        return null;

        CatalogSnapshot? Fits(CatalogSnapshot catalog)
        {
            var with = published is null ? catalog : published.Over(catalog);
            return string.Equals(with.Version, version, StringComparison.Ordinal) ? with : null;
        }
    }
}
