using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Ledger.Export;

/// <summary>One day of one model, by the ledger and by the provider.</summary>
internal sealed record ReconciledDay
{
    /// <summary>The day of the calls, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The model, as the provider's file calls it; the deployment where only the ledger knows it.</summary>
    public required string Model { get; init; }

    /// <summary>Calls in the ledger.</summary>
    public int Calls { get; set; }

    /// <summary>Input tokens in the ledger.</summary>
    public long InputTokens { get; set; }

    /// <summary>Output tokens in the ledger.</summary>
    public long OutputTokens { get; set; }

    /// <summary>What the ledger has, at the prices of the moment of each call, in nano-USD.</summary>
    public long NanoUsd { get; set; }

    /// <summary>Of it, what rests on estimated token counts.</summary>
    public long EstimatedNanoUsd { get; set; }

    /// <summary>What the same tokens cost at the catalog's present prices; null when it has none for one of them.</summary>
    public long? RepricedNanoUsd { get; set; } = 0;

    /// <summary>Input tokens by the provider; null when it does not say.</summary>
    public long? ProviderInputTokens { get; set; }

    /// <summary>Output tokens by the provider; null when it does not say.</summary>
    public long? ProviderOutputTokens { get; set; }

    /// <summary>What the provider bills, in USD; 0 when it does not know of the calls.</summary>
    public decimal ProviderUsd { get; set; }

    /// <summary>What the ledger has, in USD.</summary>
    public decimal Usd => Catalog.NanoUsd.ToUsd(NanoUsd);

    /// <summary>How much more the provider bills than the ledger has, in USD.</summary>
    public decimal DifferenceUsd => ProviderUsd - Usd;

    /// <summary>The difference as a part of the larger of the two; 0 when both are nothing.</summary>
    public decimal DifferencePart => Math.Max(Math.Abs(Usd), Math.Abs(ProviderUsd)) is var larger and > 0 ? Math.Abs(DifferenceUsd) / larger : 0;
}

/// <summary>Holds the ledger's calls against what a provider says it served.</summary>
internal static class Reconciliation
{
    /// <summary>A difference of up to half a cent is rounding: exports are in cents.</summary>
    public const decimal RoundingUsd = 0.005m;

    /// <summary>Compares.</summary>
    /// <param name="entries">The ledger's entries around those days.</param>
    /// <param name="usage">The provider's.</param>
    /// <param name="provider">Whose calls are compared; null: of every provider that served a model of the file.</param>
    /// <param name="catalog">For the present prices.</param>
    /// <returns>Every day and model that either knows, by day.</returns>
    public static async Task<IReadOnlyList<ReconciledDay>> CompareAsync(
        IAsyncEnumerable<LedgerEntry> entries, IReadOnlyList<ProviderUsage> usage, string? provider, CatalogSnapshot catalog)
    {
        if (usage.Count == 0)
        {
            return [];
        }

        var (first, last) = (usage.Min(row => row.Day), usage.Max(row => row.Day));
        var names = usage.Select(row => row.Model).ToHashSet(StringComparer.OrdinalIgnoreCase);
        HashSet<string> providers = new(StringComparer.Ordinal);
        Dictionary<(DateOnly, string), ReconciledDay> days = [];
        Dictionary<string, List<ReconciledDay>> unnamed = new(StringComparer.Ordinal);
        await foreach (var entry in entries)
        {
            foreach (var attempt in entry.Attempts)
            {
                var day = DateOnly.FromDateTime(attempt.StartedAt.UtcDateTime);
                var owner = attempt.DeploymentId[..Math.Max(0, attempt.DeploymentId.IndexOf('/', StringComparison.Ordinal))];
                if (day < first || day > last || attempt.Usage is null || (provider is not null && !string.Equals(owner, provider, StringComparison.Ordinal)))
                {
                    continue;
                }

                var name = NameIn(names, attempt);
                if (name is not null)
                {
                    providers.Add(owner);
                }

                var own = DayOf(days, day, name ?? attempt.DeploymentId, out var isNew);
                Add(own, attempt, catalog);
                if (isNew && name is null)
                {
                    (unnamed.TryGetValue(owner, out var list) ? list : unnamed[owner] = []).Add(own);
                }
            }
        }

        foreach (var row in usage)
        {
            var own = DayOf(days, row.Day, row.Model, out _);
            own.ProviderInputTokens = Sum(own.ProviderInputTokens, row.InputTokens);
            own.ProviderOutputTokens = Sum(own.ProviderOutputTokens, row.OutputTokens);
            own.ProviderUsd += row.CostUsd;
        }

        // Another provider's calls say nothing about this one's bill.
        var foreign = unnamed.Where(pair => provider is null && !providers.Contains(pair.Key)).SelectMany(pair => pair.Value).ToHashSet();
        return [.. days.Values.Where(day => !foreign.Contains(day)).OrderBy(day => day.Day).ThenBy(day => day.Model, StringComparer.Ordinal)];
    }

    /// <summary>Whether a difference is more than rounding and more than is tolerated.</summary>
    public static bool Exceeds(ReconciledDay day, decimal tolerance) => Math.Abs(day.DifferenceUsd) > RoundingUsd && day.DifferencePart > tolerance;

    // A bill names the model as it was asked for, as it called itself (often with its date), or as we do.
    private static string? NameIn(HashSet<string> names, Attempt attempt) =>
        names.TryGetValue(attempt.DeploymentId, out var name)
        || (attempt.ResponseModel is { } response && names.TryGetValue(response, out name))
        || names.TryGetValue(attempt.RequestModel, out name)
            ? name
            : null;

    private static ReconciledDay DayOf(Dictionary<(DateOnly, string), ReconciledDay> days, DateOnly day, string model, out bool isNew)
    {
        var key = (day, model.ToLowerInvariant());
        isNew = !days.TryGetValue(key, out var own);
        return own ?? (days[key] = new() { Day = day, Model = model });
    }

    private static void Add(ReconciledDay day, Attempt attempt, CatalogSnapshot catalog)
    {
        var usage = attempt.Usage!.Value;
        checked
        {
            day.Calls++;
            day.InputTokens += usage.InputTokens;
            day.OutputTokens += usage.OutputTokens;
            day.NanoUsd += attempt.CostNanoUsd;
            day.EstimatedNanoUsd += usage.Estimated ? attempt.CostNanoUsd : 0;
            day.RepricedNanoUsd += catalog.Find(attempt.DeploymentId)?.Price is { } price ? PriceCalculator.Cost(price, usage, attempt.StartedAt).ToNanoUsd() : null;
        }
    }

    private static long? Sum(long? sum, long? more) => more is null ? sum : (sum ?? 0) + more;
}
