namespace Sommelier.Canonical;

/// <summary>Which page of a list is wanted.</summary>
/// <param name="Limit">The most things on it, 1 to <see cref="Largest"/>.</param>
/// <param name="After">The <see cref="Page{T}.NextAfter"/> of the page before; null for the first page.</param>
internal sealed record PageAsk(int Limit, string? After)
{
    /// <summary>How many things a page has when nobody says.</summary>
    public const int Usual = 100;

    /// <summary>The most things that a page has.</summary>
    public const int Largest = 1000;

    /// <summary>How many things to look for: the one that is too many tells that there is another page.</summary>
    public int Reach => Limit + 1;

    /// <summary>The page of what was found behind <see cref="After"/>.</summary>
    /// <param name="found">The next things of the list, <see cref="Reach"/> of them where there are so many.</param>
    /// <param name="cursor">What each is told apart by in its list.</param>
    public Page<T> Of<T>(IReadOnlyList<T> found, Func<T, string> cursor) =>
        found.Count > Limit ? new([.. found.Take(Limit)], cursor(found[Limit - 1])) : new(found, null);

    /// <summary>The page of a list that is at hand as a whole.</summary>
    /// <param name="all">The list in its order.</param>
    /// <param name="cursor">What each thing is told apart by.</param>
    /// <returns>Null where <see cref="After"/> names nothing of the list.</returns>
    public Page<T>? Cut<T>(IReadOnlyList<T> all, Func<T, string> cursor)
    {
        var first = 0;
        if (After is { } after)
        {
            while (first < all.Count && !string.Equals(cursor(all[first]), after, StringComparison.Ordinal))
            {
                first++;
            }

            if (first++ == all.Count)
            {
                return null;
            }
        }

        return Of([.. all.Skip(first).Take(Reach)], cursor);
    }
}
