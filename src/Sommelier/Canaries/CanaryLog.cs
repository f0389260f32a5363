using Microsoft.Extensions.Logging;

namespace Sommelier.Canaries;

/// <summary>Log events of canaries.</summary>
internal static partial class CanaryLog
{
    [LoggerMessage(1800, LogLevel.Warning, "The canary {To} of the policy {Policy} is rolled back: {Detail}. It gets no conversations until its configuration changes or somebody resumes it.")]
    public static partial void CanaryRolledBack(this ILogger logger, string to, string policy, string detail);

    [LoggerMessage(1801, LogLevel.Information, "The canary {To} of the policy {Policy} is resumed by {Actor}.")]
    public static partial void CanaryResumed(this ILogger logger, string to, string policy, string actor);

    [LoggerMessage(1802, LogLevel.Error, "The canaries' table cannot be used; what is known here stays in force. It is said again once it could be.")]
    public static partial void CanariesUnreadable(this ILogger logger, Exception failure);
}
