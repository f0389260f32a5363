using Microsoft.Extensions.Logging;

namespace Sommelier.Evals.Scheduling;

/// <summary>Log events of evals that the gateway makes by itself.</summary>
internal static partial class ScheduleLog
{
    [LoggerMessage(1900, LogLevel.Information, "The model {Model} is new in the catalog; {Suites} suites are scheduled for it.")]
    public static partial void ModelListed(this ILogger logger, string model, int suites);

    [LoggerMessage(1901, LogLevel.Information, "The eval of {Model} on {Suite} is {State}: {Detail}.")]
    public static partial void ScheduledEvalStands(this ILogger logger, string model, string suite, string state, string detail);

    [LoggerMessage(1902, LogLevel.Error, "Evals of new models cannot be made now. It is said again once they could be.")]
    public static partial void ScheduleFailed(this ILogger logger, Exception failure);

    [LoggerMessage(1903, LogLevel.Error, "The eval of {Model} on {Suite} failed. It is tried again later; the others go on.")]
    public static partial void ScheduledEvalFailed(this ILogger logger, Exception failure, string model, string suite);
}
