using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Telemetry;

namespace Sommelier.Gateway;

/// <summary>Tells metrics and log how a request ended. Names, counts and times only: never what was said.</summary>
internal sealed class FlightTelemetry(GatewayMeter meter, ILogger logger)
{
    /// <summary>A request came in.</summary>
    public void Began() => meter.RequestBegan();

    /// <summary>A request is over for which a model was asked for the intent.</summary>
    public void Classified(string? policy, string outcome) => meter.Classified(policy, outcome);

    /// <summary>A request whose policy has a cascade is over.</summary>
    public void Cascaded(string policy, string outcome) => meter.Cascaded(policy, outcome);

    /// <summary>It is over.</summary>
    public void Ended(LedgerEntry entry, Operation operation, string? field)
    {
        meter.RequestEnded(new RequestMeasure
        {
            Operation = GenAi.Operation(operation),
            Format = entry.InboundFormat,
            Outcome = EnumNames<LedgerOutcome>.Of(entry.Outcome),
            Status = entry.Status,
            Duration = entry.Duration,
            Overhead = entry.Overhead,
            DeploymentId = entry.DeploymentId,
            Policy = entry.Policy,
            Intent = entry.Intent,
            Reason = entry.Reason,
            Error = entry.Error,
        });
        for (var at = 0; at < entry.Attempts.Count; at++)
        {
            Tell(entry, at);
        }

        Conclude(entry, field);
    }

    private void Tell(LedgerEntry entry, int at)
    {
        var attempt = entry.Attempts[at];
        if (attempt.Failure is not { } failure)
        {
            return;
        }

        logger.AttemptFailed(entry.RequestId, attempt);
        if (at + 1 < entry.Attempts.Count && !string.Equals(entry.Attempts[at + 1].DeploymentId, attempt.DeploymentId, StringComparison.Ordinal))
        {
            meter.FellBack(attempt.DeploymentId, failure.Kind);
            logger.FellBack(entry.RequestId, attempt.DeploymentId, entry.Attempts[at + 1].DeploymentId);
        }
    }

    private void Conclude(LedgerEntry entry, string? field)
    {
        var milliseconds = (long)entry.Duration.TotalMilliseconds;
        switch (entry.Outcome)
        {
            case LedgerOutcome.Succeeded:
                logger.RequestSucceeded(entry.RequestId, entry.DeploymentId, entry.Status, milliseconds, entry.Attempts.Count);
                break;
            case LedgerOutcome.Canceled:
                logger.RequestCanceled(entry.RequestId, milliseconds);
                break;
            case LedgerOutcome.Broken when entry.Attempts is [.., { Failure: { } failure } last]:
                logger.AnswerBroke(entry.RequestId, last.DeploymentId, failure.Kind);
                break;
            case LedgerOutcome.Failed when entry.Attempts.Count == 0 && entry.Status < 500:
                logger.RequestRefused(entry.RequestId, entry.Status, entry.Error ?? GatewayErrorKind.InvalidRequest, field);
                break;
            default:
                logger.RequestFailed(entry.RequestId, entry.Status, entry.Error ?? GatewayErrorKind.Internal, entry.Attempts.Count, milliseconds);
                break;
        }
    }
}
