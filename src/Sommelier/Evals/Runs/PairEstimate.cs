using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Evals.Runs;

/// <summary>What a run's comparisons will take, before it begins.</summary>
/// <param name="Pairs">Comparisons to be made.</param>
/// <param name="Calls">Calls of judges: each is asked both ways round. Equal answers need none, so that it may be fewer.</param>
/// <param name="Usd">By the catalog's prices and the usual length of answers and verdicts.</param>
/// <param name="Unpriced">Judges whose price nobody knows: they count as nothing.</param>
internal sealed record PairEstimate(int Pairs, int Calls, decimal Usd, IReadOnlyList<string> Unpriced)
{
    // What a judge is told beside task and answers, and what it says: measured on the orders of Pairs/PairwiseGrader, and on verdicts of a few sentences.
    private const int OrdersTokens = 350;
    private const int VerdictTokens = 150;
    private const int Orders = 2;

    /// <summary>No comparisons.</summary>
    public static PairEstimate None { get; } = new(0, 0, 0, []);

    /// <summary>Of some comparisons.</summary>
    /// <param name="items">What is to be compared.</param>
    /// <param name="catalog">Prices.</param>
    /// <param name="now">The moment, for prices by hour.</param>
    public static PairEstimate Of(IReadOnlyList<PairItem> items, CatalogSnapshot catalog, DateTimeOffset now)
    {
        var (calls, usd) = (0, 0m);
        var unpriced = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var input = OrdersTokens + CostGuess.InputTokens(item.Case) + (Orders * CostGuess.OutputTokens(item.Case));
            foreach (var name in item.Suite.Compare!.Judges.Select(named => named ?? item.Suite.Judge))
            {
                calls += Orders;
                if (name is not null && Candidate.Find(name, catalog, out _) is { Deployment.Price: { } price })
                {
                    usd += Orders * PriceCalculator.Cost(price, new Usage { InputTokens = input, OutputTokens = VerdictTokens }, now);
                }
                else
                {
                    unpriced.Add(name ?? "judge");
                }
            }
        }

        return new(items.Count, calls, usd, [.. unpriced]);
    }
}
