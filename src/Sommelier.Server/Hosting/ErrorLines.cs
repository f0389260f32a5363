namespace Sommelier.Server.Hosting;

/// <summary>The log of verbs that ask through a gateway of their own: errors only, a line each, and not among the results.</summary>
/// <remarks>The framework's console log takes a container, a thread and 10 ms to begin, which such a verb should not wait for.</remarks>
/// <param name="errors">Where complaints go.</param>
internal sealed class ErrorLines(TextWriter errors) : ILoggerFactory, ILogger
{
    private readonly Lock gate = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("It writes to one place only.");

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Error or LogLevel.Critical;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var line = $"sommelier: {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}".ReplaceLineEndings(" ");
        lock (gate)
        {
            errors.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
