using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Routing;

namespace Sommelier.Replay;

/// <summary>What one logged request would have cost, had another decision been taken.</summary>
/// <remarks>
/// Whoever was asked and did not answer would not have answered the other policy either, and is paid by both. A model that was not asked
/// is taken to use the tokens that the answer used, none of them from a cache: caches hold what the logged policy put there. Of a cascade
/// only the logged one is known: whether another answer would have passed its checks, nobody can say. What a logged cascade rejected would
/// have been the answer where that model is the plan's, and its checks are paid by nobody else.
/// </remarks>
internal static class Counterfactual
{
    private static readonly string?[] OfCascades =
    [
        RouteReason.Cascade.Token(), RouteReason.EscalatedSchema.Token(), RouteReason.EscalatedRegex.Token(), RouteReason.EscalatedLength.Token(),
        RouteReason.EscalatedAgree.Token(), RouteReason.EscalatedJudge.Token(), RouteReason.EscalatedLate.Token(),
    ];

    /// <summary>Weighs one request.</summary>
    /// <param name="entry">What happened.</param>
    /// <param name="first">Who was to be asked first; null when nobody could serve it.</param>
    /// <param name="decision">What the other policy decides.</param>
    public static ReplayedRequest Of(LedgerEntry entry, string? first, RouteDecision decision)
    {
        var logged = LedgerSums.Of(entry.Attempts).CostNanoUsd;
        var answered = Answered(entry);
        var sameFirst = string.Equals(first, decision.Plan.Count > 0 ? decision.Plan[0].Deployment.Id : null, StringComparison.Ordinal);
        var cascaded = IsCascade(entry);
        if (decision.Cascade is { Declined: null })
        {
            return sameFirst && string.Equals(entry.PolicyVersion, decision.Query.Policy.Version, StringComparison.Ordinal)
                ? new(ReplayCertainty.Exact, logged, logged, answered, answered)
                : ReplayedRequest.Undecided(logged, answered, UndecidedReason.Cascade);
        }

        if (sameFirst && !cascaded && (answered is null || entry.Attempts.Count == 0))
        {
            return new(ReplayCertainty.Exact, logged, logged, answered, answered);
        }

        if (answered is null || entry.Attempts.Count == 0)
        {
            return ReplayedRequest.Undecided(logged, answered, answered is null ? UndecidedReason.NoAnswer : UndecidedReason.StoredAnswer);
        }

        if (decision.Error is not null)
        {
            return ReplayedRequest.Undecided(logged, answered, UndecidedReason.Refused);
        }

        long before = 0;
        foreach (var candidate in decision.Plan)
        {
            var id = candidate.Deployment.Id;
            if (string.Equals(id, answered, StringComparison.Ordinal))
            {
                return new(ReplayCertainty.Exact, logged, sameFirst && !cascaded ? logged : before + CostOf(entry, id), answered, answered);
            }

            if (entry.Attempts.Any(attempt => attempt.Outcome == AttemptOutcome.Rejected && IsOf(attempt, id)))
            {
                return new(ReplayCertainty.Estimated, logged, before + CostOf(entry, id), answered, id);
            }

            if (!Asked(entry, id))
            {
                return candidate.Deployment.Price is { } price
                    ? new(ReplayCertainty.Estimated, logged, before + PriceCalculator.Cost(price, UsageOf(entry), entry.StartedAt).ToNanoUsd(), answered, id)
                    : ReplayedRequest.Undecided(logged, answered, UndecidedReason.NoPrice);
            }

            before += CostOf(entry, id);
        }

        return ReplayedRequest.Undecided(logged, answered, UndecidedReason.NoAnswer);
    }

    /// <summary>A request at the prices of a catalog, as if they had held at its moment: what it used stays. A call to a deployment that is not in it, or has no price there, costs what it cost.</summary>
    public static LedgerEntry At(LedgerEntry entry, CatalogSnapshot catalog) => entry with
    {
        Attempts =
        [
            .. entry.Attempts.Select(attempt => attempt.Usage is { } usage && catalog.Find(attempt.DeploymentId)?.Price is { } price
                ? attempt with { CostNanoUsd = PriceCalculator.Cost(price, usage, attempt.StartedAt).ToNanoUsd() }
                : attempt),
        ],
    };

    /// <summary>Who answered; null when nobody did. A reason is recorded with an answer only.</summary>
    public static string? Answered(LedgerEntry entry) =>
        entry.Reason is null || entry.Outcome is LedgerOutcome.Failed or LedgerOutcome.Unknown ? null : entry.DeploymentId;

    // A cheap model that missed the form, or was given up, has not been rejected: only the reason tells.
    private static bool IsCascade(LedgerEntry entry) => OfCascades.Contains(entry.Reason)
        || entry.Attempts.Any(static attempt => attempt.Outcome == AttemptOutcome.Rejected || attempt.Purpose != AttemptPurpose.Answer);

    private static bool Asked(LedgerEntry entry, string id) => entry.Attempts.Any(attempt => IsOf(attempt, id));

    private static long CostOf(LedgerEntry entry, string id) => entry.Attempts.Where(attempt => IsOf(attempt, id)).Sum(static attempt => attempt.CostNanoUsd);

    private static bool IsOf(Attempt attempt, string id) => attempt.Purpose == AttemptPurpose.Answer && string.Equals(attempt.DeploymentId, id, StringComparison.Ordinal);

    // Several attempts wrote the answer where one went on with another's text: the question was asked once, the answer is all of them.
    private static Usage UsageOf(LedgerEntry entry)
    {
        var wrote = entry.Attempts.Where(attempt => attempt is { OutputCommitted: true, Usage: not null }).ToList();
        if (wrote.Count == 0)
        {
            wrote = [.. entry.Attempts.Where(attempt => attempt.Usage is not null).TakeLast(1)];
        }

        return wrote.Count == 0 ? default : new()
        {
            InputTokens = wrote[0].Usage!.Value.InputTokens,
            InputAudioTokens = wrote[0].Usage!.Value.InputAudioTokens,
            OutputTokens = wrote.Sum(attempt => attempt.Usage!.Value.OutputTokens),
            ReasoningOutputTokens = wrote.Sum(attempt => attempt.Usage!.Value.ReasoningOutputTokens),
            OutputAudioTokens = wrote.Sum(attempt => attempt.Usage!.Value.OutputAudioTokens),
        };
    }
}
