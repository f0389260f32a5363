namespace Sommelier.Catalog;

/// <summary>Holds the current snapshot; a reader takes it once and keeps it for the whole request.</summary>
public sealed class CatalogStore(CatalogSnapshot first)
{
    private CatalogSnapshot current = first;

    /// <summary>The snapshot in force.</summary>
    public CatalogSnapshot Current => Volatile.Read(ref current);

    /// <summary>Puts another snapshot in force, atomically, and returns the one that it replaces.</summary>
    public CatalogSnapshot Swap(CatalogSnapshot next) => Interlocked.Exchange(ref current, next);
}
