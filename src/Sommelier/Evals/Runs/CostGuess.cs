using System.Collections.Concurrent;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Evals.Runs;

/// <summary>What a call will cost and take: by the catalog's prices at first, by what the model's calls came to as soon as there are some.</summary>
/// <param name="time">The clock, for prices by hour.</param>
internal sealed class CostGuess(TimeProvider time)
{
    // Before anything is known: a paragraph, at the speed and first-token time that are usual for hosted models.
    private const int UsualOutputTokens = 300;
    private const double UsualTokensPerSecond = 80;
    private const double UsualFirstChunkMs = 700;
    private const int BytesPerToken = 4;

    private readonly ConcurrentDictionary<string, (int Calls, decimal Usd)> seen = new(StringComparer.Ordinal);

    /// <summary>Whether a model's price is known; what is not known counts as nothing, and is said.</summary>
    public static bool IsPriced(Candidate model) => model.Deployment.Price is not null;

    /// <summary>USD that an item's call is expected to cost.</summary>
    public decimal Usd(WorkItem item)
    {
        var guess = item.Model.Deployment.Price is { } price
            ? PriceCalculator.Cost(price, new Usage { InputTokens = Math.Max(1, item.Case.Body.Length / BytesPerToken), OutputTokens = OutputTokens(item) }, time.GetUtcNow())
            : 0;
        return seen.TryGetValue(item.Model.Name, out var known) && known.Calls > 0 ? known.Usd / known.Calls : guess;
    }

    /// <summary>Whether a call of a model has been seen: what the next one costs is then more than a guess.</summary>
    public bool Knows(Candidate model) => seen.ContainsKey(model.Name);

    /// <summary>How long an item's call is expected to take, by the catalog's figures.</summary>
    public static TimeSpan Latency(WorkItem item)
    {
        var deployment = item.Model.Deployment;
        return TimeSpan.FromMilliseconds((deployment.TypicalTimeToFirstChunkMs ?? UsualFirstChunkMs) + (1000 * OutputTokens(item) / (deployment.TypicalTokensPerSecond ?? UsualTokensPerSecond)));
    }

    /// <summary>A call came to so much.</summary>
    public void Saw(Candidate model, decimal usd) => seen.AddOrUpdate(model.Name, (1, usd), (_, before) => (before.Calls + 1, before.Usd + usd));

    private static int OutputTokens(WorkItem item) => Math.Min(item.Case.MaxTokens ?? UsualOutputTokens, UsualOutputTokens);
}
