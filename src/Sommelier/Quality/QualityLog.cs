using Microsoft.Extensions.Logging;

namespace Sommelier.Quality;

/// <summary>Log events of the quality table.</summary>
internal static partial class QualityLog
{
    [LoggerMessage(1700, LogLevel.Information, "The quality table {Version} is in force.")]
    public static partial void QualityInForce(this ILogger logger, string version);

    [LoggerMessage(1701, LogLevel.Error, "The quality table cannot be followed; the version that is known stays in force. It is said again once it could be.")]
    public static partial void QualityUnreadable(this ILogger logger, Exception failure);
}
