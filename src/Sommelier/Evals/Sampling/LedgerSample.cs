using Sommelier.Canonical;
using Sommelier.Evals.Text;
using Sommelier.Gateway.Bodies;
using Sommelier.Ledger;
using Sommelier.Ledger.Export;
using Sommelier.Quality;
using Sommelier.Routing;
using Sommelier.Wire;

namespace Sommelier.Evals.Sampling;

/// <summary>Draws cases out of the ledger: requests that a filter lets through and whose bodies are stored, spread over the intents.</summary>
/// <remarks>
/// A request's place in the draw follows from its id and the seed alone, so that requests which come later change little of what is
/// drawn. About 150 bytes are held for each request that passes; bodies are read one by one, until there are enough.
/// </remarks>
internal sealed class LedgerSample(ILedgerQueries ledger, QualityBook book, BodyStore bodies)
{
    private const int PageSize = 500;

    /// <summary>Draws.</summary>
    public async Task<DrawnSample> DrawAsync(SampleSettings settings, CancellationToken cancellationToken)
    {
        var sample = new DrawnSample();
        var candidates = await CandidatesAsync(sample, settings, cancellationToken);
        var alike = new NearDuplicates(settings.TooAlike);
        foreach (var candidate in Ordered(candidates, settings.Spread))
        {
            if (sample.Cases.Count == settings.Count)
            {
                break;
            }

            // Either may have been deleted meanwhile.
            if (await ledger.GetAsync(candidate.RequestId, cancellationToken) is not { } entry || await bodies.GetAsync(candidate.RequestId, cancellationToken) is not { } stored
                || SampledCase.Of(entry, stored, candidate.Score, settings) is not { } made)
            {
                sample.Unreadable++;
            }
            else if (alike.Alike(made.Conversation).Count > 0)
            {
                sample.Alike++;
            }
            else
            {
                alike.Add(made.Conversation);
                sample.Cases.Add(made.Json);
                sample.Count(candidate.Intent).Drawn++;
            }
        }

        return sample;
    }

    private async Task<List<Candidate>> CandidatesAsync(DrawnSample sample, SampleSettings settings, CancellationToken cancellationToken)
    {
        var found = new List<Candidate>();
        await foreach (var page in LedgerExport.ReadAsync(ledger, settings.Filter.Ledger, cancellationToken).Where(IsChat).Chunk(PageSize).WithCancellation(cancellationToken))
        {
            // The one who asked alone can rate an answer, so there is one rating of each.
            var ratings = (await book.FeedbackBetweenAsync(page[0].RequestId, page[^1].RequestId, cancellationToken)).ToDictionary(static one => one.RequestId, static one => one.Score, StringComparer.Ordinal);
            var held = await bodies.HeldAsync(page[0].RequestId, page[^1].RequestId, cancellationToken);
            foreach (var entry in page)
            {
                sample.Looked++;
                double? score = ratings.TryGetValue(entry.RequestId, out var rated) ? rated : null;
                if (!settings.Filter.Passes(entry, score))
                {
                    continue;
                }

                sample.Passed++;
                if (!held.TryGetValue(entry.RequestId, out var whole))
                {
                    sample.WithoutBodies++;
                }
                else if (!whole)
                {
                    sample.Cut++;
                }
                else
                {
                    found.Add(new(entry.RequestId, entry.Intent, score, Place(entry.RequestId, settings.Seed)));
                    sample.Count(entry.Intent).Found++;
                }
            }
        }

        return found;
    }

    // Copies for shadows were asked by nobody; vectors are no answers.
    private static bool IsChat(LedgerEntry entry) =>
        !entry.IsAside && WireFormats.All.Any(format => string.Equals(format.Name, entry.InboundFormat, StringComparison.Ordinal) && format is { Inbound: true, Operation: Operation.Chat });

    // The prefix of any length is spread as wanted: evenly by taking one of each in turn, as the traffic by each one's part of its intent.
    private static IEnumerable<Candidate> Ordered(List<Candidate> candidates, SampleSpread spread) => candidates
        .GroupBy(static candidate => candidate.Intent)
        .SelectMany(group => group.OrderBy(static candidate => candidate.Place).ThenBy(static candidate => candidate.RequestId, StringComparer.Ordinal).Select((candidate, turn) =>
            (Candidate: candidate, At: spread == SampleSpread.Even ? turn : (turn + 0.5) / group.Count())))
        .OrderBy(static placed => placed.At).ThenBy(static placed => placed.Candidate.Place)
        .Select(static placed => placed.Candidate);

    private static ulong Place(string requestId, int seed)
    {
        var hash = new StableHash();
        hash.Add((long)seed);
        hash.Add(requestId.AsSpan());
        return hash.Value;
    }

    private readonly record struct Candidate(string RequestId, Intent? Intent, double? Score, ulong Place);
}
