using System.Reflection;
using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Telemetry;

namespace Sommelier.Tests.Telemetry;

public sealed class LogTests
{
    [Theory]
    [InlineData(UpstreamFailureKind.AuthenticationFailed)]
    [InlineData(UpstreamFailureKind.InvalidRequest)]
    [InlineData(UpstreamFailureKind.ContentFiltered)]
    [InlineData(UpstreamFailureKind.ContextLengthExceeded)]
    [InlineData(UpstreamFailureKind.ProtocolError)]
    public void Never_writes_a_key_or_a_prompt(UpstreamFailureKind kind)
    {
        // A vendor quotes the key where it refuses the key, and the prompt where it refuses the request.
        var words = kind == UpstreamFailureKind.AuthenticationFailed ? "Incorrect API key provided: sk-topsecret-1234567890" : "cannot read 'my secret diary'";
        var logger = new ListLogger();
        var failure = new UpstreamFailure(kind, words, 400, "invalid_api_key");
        var attempt = new Attempt
        {
            Number = 1,
            DeploymentId = "openai/gpt-6-luna",
            RequestModel = "gpt-6-luna",
            StartedAt = DateTimeOffset.UnixEpoch,
            Outcome = AttemptOutcome.Failed,
            Failure = failure,
        };

        logger.AttemptFailed("01ARZ3NDEKTSV4RRFFQ69G5FAV", attempt);
        logger.DeploymentCooledDown("openai/gpt-6-luna", failure, DateTimeOffset.UnixEpoch);

        Assert.Equal(2, logger.Lines.Count);
        Assert.All(logger.Lines, line =>
        {
            Assert.DoesNotContain("topsecret", line, StringComparison.Ordinal);
            Assert.DoesNotContain("diary", line, StringComparison.Ordinal);
            Assert.Contains("openai/gpt-6-luna", line, StringComparison.Ordinal);
            Assert.Contains("invalid_api_key", line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Says_why_an_attempt_failed()
    {
        var logger = new ListLogger();
        var attempt = new Attempt
        {
            Number = 2,
            DeploymentId = "groq/llama",
            RequestModel = "llama",
            StartedAt = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.FromMilliseconds(12),
            Outcome = AttemptOutcome.Failed,
            Failure = new UpstreamFailure(UpstreamFailureKind.RateLimited, "Slow down.", 429, "rate_limit_exceeded"),
        };

        logger.AttemptFailed("R", attempt);

        Assert.Equal("1100 Warning Attempt 2 of request R at groq/llama failed: RateLimited, status 429, code 'rate_limit_exceeded', after 12 ms. Slow down.", Assert.Single(logger.Lines));
    }

    [Fact]
    public void Gives_every_event_its_own_number_in_its_range()
    {
        var events = typeof(Log).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (method.Name, Event: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(found => found.Event is not null)
            .ToList();

        Assert.True(events.Count > 20);
        Assert.Equal(events.Count, events.Select(found => found.Event!.EventId).Distinct().Count());
        Assert.All(events, found => Assert.InRange(found.Event!.EventId, 1000, 1999));
    }

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{eventId.Id} {logLevel} {formatter(state, exception)}");
    }
}
