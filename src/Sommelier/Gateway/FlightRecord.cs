using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Gateway.Cascades;
using Sommelier.Ledger;
using Sommelier.Resilience;

namespace Sommelier.Gateway;

/// <summary>Makes the ledger entry of a flight, at any moment of it.</summary>
internal static class FlightRecord
{
    /// <summary>The entry as of now.</summary>
    public static LedgerEntry Entry(Flight flight, TimeProvider time) => Entry(flight, time, flight.Attempts);

    /// <summary>The entry as it must stand should the process die during the next call.</summary>
    /// <param name="flight">Decided.</param>
    /// <param name="next">The call that is about to be made, see <see cref="Unseen"/>.</param>
    /// <param name="time">The clock.</param>
    public static LedgerEntry Before(Flight flight, Attempt next, TimeProvider time) => Entry(flight, time, [.. flight.Attempts, next]);

    /// <summary>The same for a call beside one that runs.</summary>
    public static LedgerEntry Before(Flight flight, Attempt running, Attempt next, TimeProvider time) => Entry(flight, time, [.. flight.Attempts, running, next]);

    /// <summary>A call as it stands while nobody has seen its end: counted at what its input costs.</summary>
    /// <param name="flight">Decided.</param>
    /// <param name="next">Who is asked now.</param>
    /// <param name="number">The call's number, from 1.</param>
    /// <param name="time">The clock.</param>
    /// <param name="purpose">What it is asked for.</param>
    /// <param name="asked">What it is asked; null: what the caller asks.</param>
    public static Attempt Unseen(Flight flight, Deployment next, int number, TimeProvider time, AttemptPurpose purpose = AttemptPurpose.Answer, RequestOutline? asked = null)
    {
        var startedAt = time.GetUtcNow();
        var usage = UsageEstimate.Partial(null, asked ?? flight.Outline!);
        return new()
        {
            Number = number,
            DeploymentId = next.Id,
            RequestModel = next.Model,
            StartedAt = startedAt,
            Purpose = purpose,
            Outcome = AttemptOutcome.Unknown,
            Usage = usage,
            CostNanoUsd = next.Price is { } price ? PriceCalculator.Cost(price, usage, startedAt).ToNanoUsd() : 0,
        };
    }

    private static LedgerEntry Entry(Flight flight, TimeProvider time, IReadOnlyList<Attempt> attempts)
    {
        var decision = flight.Decision;
        var answered = flight.Answer?.AnsweredBy;
        var final = flight.Attempts.Count > 0 ? flight.Attempts[^1] : null;
        return new LedgerEntry
        {
            RequestId = flight.Call.RequestId,
            StartedAt = flight.StartedAt,
            Duration = time.GetElapsedTime(flight.StartedTimestamp),
            InboundFormat = flight.Call.Format.Name,
            Endpoint = flight.Call.Endpoint,
            CallerKeyId = flight.Caller?.Id,
            TeamId = flight.Caller?.Known?.Team?.Id,
            OrganisationId = flight.Caller?.Known?.Organisation?.Id,
            OriginalModel = flight.Outline is { Model: var model } ? model[..Math.Min(model.Length, RequestLimits.LongestModelName)] : "",
            Policy = decision?.Query.Policy.Name,
            PolicyVersion = decision?.Query.Policy.Version,
            CatalogVersion = decision?.Query.Catalog.Version,
            Intent = flight.Classified?.Intent,
            IntentConfidence = flight.Classified?.Confidence,
            Abstained = flight.Classified?.Abstained ?? false,
            Reason = flight.Answer is { } answer ? ReplyHeads.Reason(flight, answer) : null,
            DeploymentId = answered?.Id ?? (decision is { Plan: [var first, ..] } ? first.Deployment.Id : null),
            Streamed = flight.Outline?.Stream ?? false,
            Outcome = flight.Outcome,
            Status = flight.Status,
            Error = flight.Error?.Kind,
            FinishReason = answered is null ? null : flight.Answer!.Facts.FinishReason,
            TimeToFirstChunk = FirstChunk(flight, final),
            Overhead = flight.Overhead,
            Warnings = Warnings(flight.Answer),
            Tags = flight.Hints.Tags,
            ConversationId = flight.Classified is { } signals ? signals.ConversationKey.ToString("x16", System.Globalization.CultureInfo.InvariantCulture) : null,
            Simulated = answered?.Simulated ?? false,
            Attempts = attempts,
        };
    }

    private static IReadOnlyList<Warning> Warnings(CommittedAnswer? answer) => answer switch
    {
        null => [],
        { LateWarnings: [] } => answer.Warnings,
        _ => [.. answer.Warnings, .. answer.LateWarnings],
    };

    // From the caller's point of view: what came before the last attempt counts too.
    private static TimeSpan? FirstChunk(Flight flight, Attempt? final) =>
        flight.Answer is HeldAnswer held ? held.WrittenAt - flight.StartedAt
        : final is { OutputCommitted: true, TimeToFirstChunk: { } own } ? final.StartedAt + own - flight.StartedAt
        : null;
}
