using Microsoft.Extensions.Logging;

namespace Sommelier.Accounts;

/// <summary>What accounts say to the log.</summary>
internal static partial class AccountLog
{
    [LoggerMessage(1600, LogLevel.Information, "{Actor} did {Action} to {Subject}")]
    public static partial void AccountChanged(this ILogger logger, string actor, string action, string subject);

    [LoggerMessage(1601, LogLevel.Error, "The accounts cannot be read; those known so far stay in force")]
    public static partial void AccountsUnreadable(this ILogger logger, Exception failure);

    [LoggerMessage(1602, LogLevel.Error, "Redis does not answer ({Failure}): this instance lets through its share of every limit, one of {Instances}.")]
    public static partial void SharedCountsLost(this ILogger logger, string failure, int instances);

    [LoggerMessage(1603, LogLevel.Information, "Limits and budgets are counted in Redis, by {Instances} instances.")]
    public static partial void SharedCountsFound(this ILogger logger, int instances);

    [LoggerMessage(1606, LogLevel.Warning, "Redis has forgotten what this instance holds, as after a restart: it is held there again.")]
    public static partial void SharedHoldsForgotten(this ILogger logger);

    [LoggerMessage(1604, LogLevel.Warning, "{Actor} was refused {Action} of {Subject}: {Reason}")]
    public static partial void AdministrationRefused(this ILogger logger, string actor, string action, string subject, string reason);

    [LoggerMessage(1605, LogLevel.Error, "The audit log could not take {Action} of {Actor}")]
    public static partial void RefusalNotNoted(this ILogger logger, Exception failure, string actor, string action);
}
