using System.Collections.Concurrent;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Evals.Suites;

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

    /// <summary>What an item's call is expected to cost: as much as its model's calls did, or a guess while none has been seen.</summary>
    public ExpectedCost Of(WorkItem item)
    {
        if (seen.TryGetValue(item.Model.Name, out var known))
        {
            return new(known.Usd / known.Calls, Known: true);
        }

        var guess = item.Model.Deployment.Price is { } price
            ? PriceCalculator.Cost(price, new Usage { InputTokens = InputTokens(item.Case), OutputTokens = OutputTokens(item.Case) }, time.GetUtcNow())
            : 0;
        return new(guess, Known: false);
    }

    /// <summary>USD that an item's call costs at most: each byte a token, and an answer as long as the case or the model lets it be.</summary>
    public decimal UsdAtMost(SuiteCase asked, Deployment deployment) => deployment.Price is { } price
        ? PriceCalculator.Cost(price, new Usage { InputTokens = asked.Body.Length, OutputTokens = asked.MaxTokens ?? deployment.MaxOutputTokens ?? UsualOutputTokens }, time.GetUtcNow())
        : 0;

    /// <summary>How long an item's call is expected to take, by the catalog's figures.</summary>
    public static TimeSpan Latency(WorkItem item)
    {
        var deployment = item.Model.Deployment;
        return TimeSpan.FromMilliseconds((deployment.TypicalTimeToFirstChunkMs ?? UsualFirstChunkMs) + (1000 * OutputTokens(item.Case) / (deployment.TypicalTokensPerSecond ?? UsualTokensPerSecond)));
    }

    /// <summary>A call came to so much.</summary>
    public void Saw(Candidate model, decimal usd) => seen.AddOrUpdate(model.Name, (1, usd), (_, before) => (before.Calls + 1, before.Usd + usd));

    /// <summary>Tokens that a case's request has, about.</summary>
    public static int InputTokens(SuiteCase asked) => Math.Max(1, asked.Body.Length / BytesPerToken);

    /// <summary>Tokens that an answer to a case has, as far as nothing is known.</summary>
    public static int OutputTokens(SuiteCase asked) => Math.Min(asked.MaxTokens ?? UsualOutputTokens, UsualOutputTokens);
}
