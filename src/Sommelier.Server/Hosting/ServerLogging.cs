namespace Sommelier.Server.Hosting;

/// <summary>Where log lines go.</summary>
internal static class ServerLogging
{
    /// <summary>One line per event on the console. The web framework's own chatter stays out unless it is a warning.</summary>
    public static void Console(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // It prints why listening failed as a stack trace; the verb says it in words.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // Its only errors are exceptions of requests, and those are ours: reported where they happen, or a broken reply's signal.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level is LogLevel.Warning or LogLevel.Critical);
    }
}
