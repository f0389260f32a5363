using Microsoft.Extensions.Logging;
using Sommelier.Canonical;

namespace Sommelier.Telemetry;

/// <summary>
/// Every event that the gateway logs, by number. 1000 to 1099 requests, 1100 to 1199 attempts and deployments, 1200 to
/// 1299 routing, 1300 to 1399 configuration and catalog (1311 on: ConfigWatcher), 1400 to 1499 the process, 1500 to 1599 the ledger (LedgerLog), 1600 to
/// 1699 accounts (AccountLog), 1700 to 1799 the quality table (QualityLog), 1800 to 1899 canaries (CanaryLog),
/// 1900 to 1999 evals that the gateway makes by itself (ScheduleLog).
/// </summary>
/// <remarks>
/// Ids, names, counts and closed words only. No prompt, no answer and no key, at any level: what an upstream wrote passes
/// <see cref="SafeText"/>, and is left out where it may quote the request.
/// </remarks>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "Request {RequestId} was answered by {DeploymentId} with {Status} in {DurationMs} ms after {Attempts} attempts.")]
    public static partial void RequestSucceeded(this ILogger logger, string requestId, string? deploymentId, int status, long durationMs, int attempts);

    [LoggerMessage(1001, LogLevel.Warning, "Request {RequestId} failed with {Status} {Error} after {Attempts} attempts in {DurationMs} ms.")]
    public static partial void RequestFailed(this ILogger logger, string requestId, int status, GatewayErrorKind error, int attempts, long durationMs);

    [LoggerMessage(1002, LogLevel.Information, "Request {RequestId} was refused with {Status} {Error}; field {Field}.")]
    public static partial void RequestRefused(this ILogger logger, string requestId, int status, GatewayErrorKind error, string? field);

    [LoggerMessage(1003, LogLevel.Debug, "Request {RequestId} was canceled by its caller after {DurationMs} ms.")]
    public static partial void RequestCanceled(this ILogger logger, string requestId, long durationMs);

    [LoggerMessage(1004, LogLevel.Warning, "The answer of {DeploymentId} to request {RequestId} broke off after it had begun: {Failure}.")]
    public static partial void AnswerBroke(this ILogger logger, string requestId, string deploymentId, UpstreamFailureKind failure);

    [LoggerMessage(1005, LogLevel.Error, "Request {RequestId} met a fault of the gateway itself.")]
    public static partial void RequestFaulted(this ILogger logger, string requestId, Exception exception);

    [LoggerMessage(1006, LogLevel.Warning, "Request {RequestId} was told 503, since the database does not answer: {Failure}")]
    public static partial void StorageAway(this ILogger logger, string requestId, string failure);

    /// <summary>An upstream call ended without an answer.</summary>
    public static void AttemptFailed(this ILogger logger, string requestId, Attempt attempt)
    {
        if (attempt.Failure is { } failure && logger.IsEnabled(LogLevel.Warning))
        {
            AttemptFailed(
                logger, requestId, attempt.Number, attempt.DeploymentId, failure.Kind, failure.Status, SafeText.Of(failure.Code), Words(failure), (long)attempt.Duration.TotalMilliseconds);
        }
    }

    /// <summary>A provider refuses one of several keys: somebody should look.</summary>
    public static void KeyRefused(this ILogger logger, string deploymentId, int number, int count, UpstreamFailure failure)
    {
        if (logger.IsEnabled(LogLevel.Error))
        {
            KeyRefused(logger, number, count, deploymentId, failure.Kind, failure.Status, SafeText.Of(failure.Code), Words(failure));
        }
    }

    /// <summary>A provider refuses us in a way that waiting does not heal: somebody should look.</summary>
    public static void DeploymentCooledDown(this ILogger logger, string deploymentId, UpstreamFailure failure, DateTimeOffset until)
    {
        if (!logger.IsEnabled(LogLevel.Error))
        {
            return;
        }

        if (failure.Kind == UpstreamFailureKind.ModelNotFound)
        {
            var slash = deploymentId.IndexOf('/', StringComparison.Ordinal);
            ModelUnknown(logger, deploymentId, until, deploymentId[(slash + 1)..], deploymentId[..Math.Max(slash, 0)], failure.Status, SafeText.Of(failure.Code), Words(failure));
        }
        else
        {
            DeploymentCooledDown(logger, deploymentId, failure.Kind, failure.Status, SafeText.Of(failure.Code), Words(failure), until);
        }
    }

    [LoggerMessage(1102, LogLevel.Warning, "The circuit of {DeploymentId} opened: it failed too often.")]
    public static partial void CircuitOpened(this ILogger logger, string deploymentId);

    [LoggerMessage(1103, LogLevel.Information, "The circuit of {DeploymentId} closed.")]
    public static partial void CircuitClosed(this ILogger logger, string deploymentId);

    [LoggerMessage(1104, LogLevel.Information, "Request {RequestId} fell back from {FromDeploymentId} to {ToDeploymentId}.")]
    public static partial void FellBack(this ILogger logger, string requestId, string fromDeploymentId, string toDeploymentId);

    /// <summary>A token or key could not be renewed in time; the old one still works, so that no request has failed yet.</summary>
    public static void CredentialsNotRenewed(this ILogger logger, string source, UpstreamFailure failure, DateTimeOffset until)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            CredentialsNotRenewed(logger, source, until, failure.Kind, Words(failure));
        }
    }

    [LoggerMessage(1404, LogLevel.Warning, "The answer to request {RequestId} could not be kept; its caller cannot continue it by its id.")]
    public static partial void AnswerNotKept(this ILogger logger, string requestId, Exception failure);

    [LoggerMessage(1400, LogLevel.Information, "Sommelier {Version} listened on {Urls}.")]
    public static partial void GatewayStarted(this ILogger logger, string version, string urls);

    [LoggerMessage(1401, LogLevel.Information, "Local server {Provider} was found at {Address} with {Models} models.")]
    public static partial void LocalServerFound(this ILogger logger, string provider, Uri address, int models);

    [LoggerMessage(1402, LogLevel.Warning, "No provider is configured; requests get 503 until one is.")]
    public static partial void NoProviderConfigured(this ILogger logger);

    [LoggerMessage(1403, LogLevel.Information, "Sommelier stopped; every request is on record.")]
    public static partial void GatewayStopped(this ILogger logger);

    [LoggerMessage(1100, LogLevel.Warning, "Attempt {Number} of request {RequestId} at {DeploymentId} failed: {Failure}, status {Status}, code '{Code}', after {DurationMs} ms. {Words}")]
    private static partial void AttemptFailed(
        ILogger logger, string requestId, int number, string deploymentId, UpstreamFailureKind failure, int? status, string code, string words, long durationMs);

    [LoggerMessage(1101, LogLevel.Error, "{DeploymentId} was paused until {Until:O}, because its provider refused it: {Failure}, status {Status}, code '{Code}'. {Words}")]
    private static partial void DeploymentCooledDown(
        ILogger logger, string deploymentId, UpstreamFailureKind failure, int? status, string code, string words, DateTimeOffset until);

    [LoggerMessage(1107, LogLevel.Error, "Key {Number} of {Count} was refused for {DeploymentId}: {Failure}, status {Status}, code '{Code}'. {Words}")]
    private static partial void KeyRefused(
        ILogger logger, int number, int count, string deploymentId, UpstreamFailureKind failure, int? status, string code, string words);

    [LoggerMessage(1106, LogLevel.Error, "{DeploymentId} was paused until {Until:O}, because its provider does not know the model '{Model}'. Check the id, and base_url, under providers.{Provider}. Status {Status}, code '{Code}'. {Words}")]
    private static partial void ModelUnknown(
        ILogger logger, string deploymentId, DateTimeOffset until, string model, string provider, int? status, string code, string words);

    [LoggerMessage(1105, LogLevel.Warning, "{Source} gave no new credentials; the old ones are used until {Until:O}: {Failure}. {Words}")]
    private static partial void CredentialsNotRenewed(ILogger logger, string source, DateTimeOffset until, UpstreamFailureKind failure, string words);

    /// <summary>The vendor's words, but none about the request's content: those quote it.</summary>
    private static string Words(UpstreamFailure failure) => failure.Kind switch
    {
        UpstreamFailureKind.InvalidRequest or UpstreamFailureKind.ContentFiltered or UpstreamFailureKind.ContextLengthExceeded
            or UpstreamFailureKind.ProtocolError or UpstreamFailureKind.EmptyAnswer or UpstreamFailureKind.InvalidAnswer => "",
        _ => SafeText.Of(failure.Message),
    };
}
