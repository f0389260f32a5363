using Sommelier.Statistics.Planning;

namespace Sommelier.Evals.Runs;

/// <summary>What a run will take, before it begins.</summary>
/// <param name="Calls">Calls of the models under test.</param>
/// <param name="Kept">Answers that are kept from earlier runs.</param>
/// <param name="Usd">Of these calls, by the catalog's prices and the usual length of answers.</param>
/// <param name="Time">By the catalog's speeds.</param>
/// <param name="Unpriced">Models whose price nobody knows: they count as nothing.</param>
/// <param name="Judged">Whether judges of single answers or embedders may be asked too; what they cost is not reckoned.</param>
/// <param name="Simulated">Whether nothing of it costs anything.</param>
/// <param name="Detectable">The smallest difference between two models that so many independent cases show with a chance of 80 %, 0 to 1; null for less than two models.</param>
internal sealed record RunEstimate(int Calls, int Kept, decimal Usd, TimeSpan Time, IReadOnlyList<string> Unpriced, bool Judged, bool Simulated, double? Detectable)
{
    /// <summary>The comparisons of answers that follow.</summary>
    public PairEstimate Comparisons { get; init; } = PairEstimate.None;

    /// <summary>USD of answers and comparisons together.</summary>
    public decimal TotalUsd => Usd + Comparisons.Usd;

    // Two models of a kind disagree on about every third case: 478 of GSM8K's 1,319 in a published pair.
    private const double UsualDisagreement = 0.36;

    /// <summary>Of some items.</summary>
    /// <param name="order">All that the run is of.</param>
    /// <param name="items">What of it is to be asked.</param>
    /// <param name="kept">What need not be.</param>
    /// <param name="guess">What calls cost.</param>
    /// <param name="concurrency">The most calls at once at one provider.</param>
    public static RunEstimate Of(IReadOnlyList<WorkItem> order, IReadOnlyList<WorkItem> items, AnswerCache kept, CostGuess guess, int concurrency)
    {
        var asked = items.Where(static item => item.Case.Output is null).ToList();
        var calls = asked.Where(item => !kept.Holds(item.AnswerKey())).ToList();
        var slowest = calls.GroupBy(static item => item.Model.Deployment.Provider, StringComparer.Ordinal)
            .Select(lane => lane.Sum(static item => CostGuess.Latency(item).TotalSeconds) / Math.Min(concurrency, lane.Count()))
            .DefaultIfEmpty(0).Max();
        return new(
            calls.Count,
            asked.Count - calls.Count,
            calls.Sum(call => guess.Of(call).Usd),
            TimeSpan.FromSeconds(slowest),
            [.. calls.Select(static item => item.Model).Where(static model => !CostGuess.IsPriced(model)).Select(static model => model.Name).Distinct(StringComparer.Ordinal)],
            items.Any(static item => item.Suite.Judge is not null || item.Suite.Embedder is not null),
            calls.TrueForAll(static item => item.Model.Deployment.Simulated),
            Smallest(order));
    }

    private static double? Smallest(IReadOnlyList<WorkItem> order)
    {
        var asked = order.Where(static item => item.Case.Output is null).ToList();
        var independent = asked.Select(static item => (item.Suite.Hash, item.Case.Cluster)).Distinct().Count();
        return asked.Select(static item => item.Model.Name).Distinct(StringComparer.Ordinal).Count() < 2
            ? null
            : Math.Min(1, new PairedPower(UsualDisagreement).DetectableDifference(independent));
    }
}
