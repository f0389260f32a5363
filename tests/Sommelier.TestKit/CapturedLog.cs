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
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
