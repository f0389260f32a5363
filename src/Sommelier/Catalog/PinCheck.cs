namespace Sommelier.Catalog;

/// <summary>Tells which of the model names that a configuration or a code base holds will stop working, and when.</summary>
public static class PinCheck
{
    private const int Far = 90;
    private const int Near = 30;

    /// <summary>One finding per name, the most urgent first, then by day, then in the order given.</summary>
    /// <param name="catalog">With tombstones: without them a retired model is unknown.</param>
    /// <param name="names">The names; <c>auto</c> and <c>auto/…</c> pin nothing and are passed over.</param>
    /// <param name="today">The day to count from.</param>
    public static IReadOnlyList<PinFinding> Check(CatalogSnapshot catalog, IEnumerable<PinnedName> names, DateOnly today) => names
        .Where(n => !string.Equals(n.Name, "auto", StringComparison.Ordinal) && !n.Name.StartsWith("auto/", StringComparison.Ordinal))
        .Select(n => CheckOne(catalog, n, today))
        .OrderByDescending(f => f.State)
        .ThenBy(f => f.RetiresOn ?? DateOnly.MaxValue)
        .ToArray();

    private static PinFinding CheckOne(CatalogSnapshot catalog, PinnedName pin, DateOnly today)
    {
        if (Look(catalog, pin.Name, "", today) is not var (life, provider))
        {
            return new() { Name = pin.Name, Where = pin.Where, State = PinState.Unknown };
        }

        return new()
        {
            Name = pin.Name,
            Where = pin.Where,
            State = StateOf(life, today),
            RetiresOn = life.RetiresOn,
            DaysLeft = life.RetiresOn is { } end ? end.DayNumber - today.DayNumber : null,
            Successors = StateOf(life, today) == PinState.Fine ? [] : Living(catalog, life, provider, today),
            SuccessorsInferred = life.SuccessorsInferred,
            Source = life.Source,
        };
    }

    private static PinState StateOf(Lifecycle life, DateOnly today)
    {
        var status = life.At(today);
        if (status == ModelStatus.Retired)
        {
            return PinState.Retired;
        }

        var days = life.RetiresOn?.DayNumber - today.DayNumber;
        return days <= Near ? PinState.EndsWithin30Days
            : days <= Far ? PinState.EndsWithin90Days
            : status == ModelStatus.Deprecated ? PinState.Deprecated
            : PinState.Fine;
    }

    /// <summary>
    /// The lifecycle that a name stands for. Of several deployments of a model the one that ends first: then calls begin to
    /// fail. Where a maker ended a bare name that somebody else still serves, the maker's end counts.
    /// </summary>
    private static (Lifecycle Life, string Provider)? Look(CatalogSnapshot catalog, string name, string provider, DateOnly today)
    {
        var found = catalog.Resolve(name);
        if (provider.Length > 0 && found.Where(d => string.Equals(d.Provider, provider, StringComparison.Ordinal)).ToArray() is { Length: > 0 } own)
        {
            found = own;
        }

        var first = found.OrderBy(d => string.Equals(d.Model, name, StringComparison.Ordinal) ? 0 : 1)
            .ThenBy(d => d.Lifecycle.RetiresOn ?? DateOnly.MaxValue)
            .FirstOrDefault();
        var gone = catalog.FindTombstone(name);
        if (first is null || (gone is not null && StateOf(gone.Lifecycle, today) > StateOf(first.Lifecycle, today)))
        {
            return gone is null ? null : (gone.Lifecycle, gone.Provider);
        }

        // A bare id is served by whoever has it, and so is its successor.
        return (first.Lifecycle, found.Count == 1 ? first.Provider : "");
    }

    private static string[] Living(CatalogSnapshot catalog, Lifecycle life, string provider, DateOnly today)
    {
        List<string> living = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        Queue<string> open = new(life.Successors);
        while (open.TryDequeue(out var name))
        {
            if (!seen.Add(name))
            {
                continue;
            }

            var own = catalog.OfModel(name)
                .Where(d => string.Equals(d.Provider, provider, StringComparison.Ordinal))
                .OrderBy(d => StateOf(d.Lifecycle, today))
                .ThenBy(d => string.Equals(d.Model, name, StringComparison.Ordinal) ? 0 : 1)
                .FirstOrDefault();
            var next = own?.Lifecycle ?? Look(catalog, name, provider, today)?.Life;
            if (next is not null && StateOf(next, today) >= PinState.EndsWithin90Days && next.Successors.Count > 0)
            {
                foreach (var further in next.Successors)
                {
                    open.Enqueue(further);
                }
            }
            else
            {
                living.Add(own?.Id ?? name);
            }
        }

        return [.. living];
    }
}
