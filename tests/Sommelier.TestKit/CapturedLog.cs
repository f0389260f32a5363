using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sommelier.TestKit;

/// <summary>Keeps every log line of every level, for tests that look for what must, or must not, be there.</summary>
public sealed class CapturedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = new();

    /// <summary>All lines so far.</summary>
    public string Text => string.Join('\n', lines);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        lines.Enqueue($"scope {state} {Values(state)}");
        return null;
    }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception} {Values(state)}");

    // A sink that keeps the values apart sees those that no line shows, too.
    private static string Values<TState>(TState state) => state is IEnumerable<KeyValuePair<string, object?>> values
        ? string.Join(' ', values.Where(value => value.Key != "{OriginalFormat}").Select(value => $"{value.Key}={value.Value}"))
        : "";

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
