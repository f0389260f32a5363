using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Ledger.Catalogs;
using Sommelier.Ledger.Export;
using Sommelier.Quality;
using Sommelier.Routing;

namespace Sommelier.Replay;

/// <summary>Logged requests, decided again under another policy.</summary>
/// <remarks>
/// Each request is decided as it stood: with its signals, the live state, the conversation's last model and the seed of its record. What
/// the other policy would have done to the requests after it (caches, health, a conversation's model) is not followed. The log is
/// read twice, a page at a time: for how long answers took, then for all else.
/// </remarks>
/// <param name="ledger">What happened.</param>
/// <param name="book">The versions of the quality table.</param>
/// <param name="catalog">The catalog as it is configured now, on which nothing was published.</param>
/// <param name="store">The catalogs that were in force before; null: none are held.</param>
/// <param name="which">Which of them requests are decided on.</param>
internal sealed class ReplayRun(ILedgerQueries ledger, QualityBook book, CatalogSnapshot catalog, CatalogStore? store = null, ReplayedCatalog which = ReplayedCatalog.AsOf)
{
    private const int PageSize = 500;

    /// <summary>Replays a span of time.</summary>
    /// <param name="policy">The other policy, with its rules and splits.</param>
    /// <param name="since">Requests that began then or later; null for the first.</param>
    /// <param name="until">Requests that began before then; null for the last.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ReplayReport> RunAsync(Policy policy, DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var tally = new ReplayTally(await DurationsAsync(since, until, cancellationToken));
        var catalogs = new ReplayCatalogs(catalog, book, store);
        var present = book.Live is { } live ? live.Over(catalog) : catalog;
        await foreach (var page in RequestsAsync(since, until, cancellationToken).Chunk(PageSize).WithCancellation(cancellationToken))
        {
            // The one who asked alone can rate an answer, so there is one rating of each.
            var ratings = (await book.FeedbackBetweenAsync(page[0].RequestId, page[^1].RequestId, cancellationToken))
                .ToDictionary(one => one.RequestId, one => one.Score, StringComparer.Ordinal);
            foreach (var entry in page)
            {
                await AddAsync(entry, ratings.TryGetValue(entry.RequestId, out var score) ? score : null);
            }
        }

        return tally.Report(policy, since, until) with { Catalog = which };

        async ValueTask AddAsync(LedgerEntry entry, double? reward)
        {
            if (await ledger.GetDecisionAsync(entry.RequestId, cancellationToken) is not { } json)
            {
                tally.Add(entry, UndecidedReason.NoDecision);
                return;
            }

            RouteRecord? record;
            try
            {
                record = which == ReplayedCatalog.Present ? RouteRecord.Read(json, present) : await catalogs.ReadAsync(json, cancellationToken);
            }
            catch (FormatException)
            {
                tally.Add(entry, UndecidedReason.UnreadableRecord);
                return;
            }

            if (record is null)
            {
                tally.Add(entry, UndecidedReason.OtherCatalog);
                return;
            }

            var priced = which == ReplayedCatalog.Present ? Counterfactual.At(entry, present) : null;
            tally.Add(entry, record, ModelRouter.Decide(record.Query with { Policy = policy, Choice = PolicyChoice.None }), reward, priced);
        }
    }

    // Copies for shadows and questions for intents were asked for by nobody.
    private IAsyncEnumerable<LedgerEntry> RequestsAsync(DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken) =>
        LedgerExport.ReadAsync(ledger, since, until, cancellationToken).Where(static entry => !entry.IsAside);

    // Of those that answered at once: what came before a fallback is not the fallback's time.
    private async Task<Dictionary<string, DurationHistogram>> DurationsAsync(DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DurationHistogram>(StringComparer.Ordinal);
        await foreach (var entry in RequestsAsync(since, until, cancellationToken))
        {
            if (entry is { Outcome: LedgerOutcome.Succeeded, Attempts: [var only] })
            {
                if (!found.TryGetValue(only.DeploymentId, out var durations))
                {
                    found[only.DeploymentId] = durations = new();
                }

                durations.Add(entry.Duration);
            }
        }

        return found;
    }
}
