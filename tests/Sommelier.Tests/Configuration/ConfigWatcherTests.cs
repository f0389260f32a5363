using Microsoft.Extensions.Logging;
using Sommelier.Configuration;

namespace Sommelier.Tests.Configuration;

public sealed class ConfigWatcherTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sommelier-");
    private readonly List<string> log = [];
    private readonly List<SommelierConfig> applied = [];
    private DateTime clock = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_change_is_applied_once_it_has_settled()
    {
        Write("discover: true");
        await using var watcher = Watch();

        Assert.False(await Look(watcher));
        Write("discover: false");
        Assert.False(await Look(watcher));
        Assert.True(await Look(watcher));
        Assert.False(await Look(watcher));

        Assert.False(Assert.Single(applied).Discover);
    }

    [Fact]
    public async Task A_file_that_is_written_in_steps_is_read_when_it_rests()
    {
        Write("discover: true");
        await using var watcher = Watch();

        foreach (var text in new[] { "dis", "discover:", "discover: false" })
        {
            Write(text);
            Assert.False(await Look(watcher));
        }

        Assert.True(await Look(watcher));
        Assert.DoesNotContain(log, line => line.Contains("Problem", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_with_mistakes_leaves_the_old_one_in_force_and_tells_all_of_them()
    {
        Write("discover: true");
        await using var watcher = Watch();

        Write("discover: maybe\nservr: {}");
        await Look(watcher);
        Assert.False(await Look(watcher));
        Assert.Empty(applied);
        Assert.Equal(3, log.Count);
        Assert.Contains("'maybe' is not true or false", log[0], StringComparison.Ordinal);
        Assert.Contains("Did you mean 'server'?", log[1], StringComparison.Ordinal);
        Assert.Contains("2 mistakes", log[2], StringComparison.Ordinal);

        Write("discover: false");
        await Look(watcher);
        Assert.True(await Look(watcher));
    }

    [Fact]
    public async Task A_file_that_is_renamed_into_place_is_read()
    {
        Write("discover: true");
        await using var watcher = Watch();

        File.Move(PathOf("sommelier.yaml"), PathOf("old.yaml"));
        Assert.False(await Look(watcher));
        Assert.False(await Look(watcher));
        Write("discover: false", "new.yaml");
        File.Move(PathOf("new.yaml"), PathOf("sommelier.yaml"));
        Assert.False(await Look(watcher));
        Assert.True(await Look(watcher));
    }

    [Fact]
    public async Task A_link_that_is_pointed_elsewhere_is_followed()
    {
        Write("discover: true", "a.yaml");
        Write("discover: false", "b.yaml");
        File.CreateSymbolicLink(PathOf("sommelier.yaml"), PathOf("a.yaml"));
        await using var watcher = Watch();

        File.Delete(PathOf("sommelier.yaml"));
        File.CreateSymbolicLink(PathOf("sommelier.yaml"), PathOf("b.yaml"));
        await Look(watcher);
        Assert.True(await Look(watcher));
    }

    [Fact]
    public async Task The_same_text_written_again_changes_nothing()
    {
        Write("discover: true");
        await using var watcher = Watch();

        Write("discover: true");
        await Look(watcher);
        Assert.False(await Look(watcher));
        Assert.Empty(applied);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_put_in_force_is_logged()
    {
        Write("discover: true");
        await using var watcher = new ConfigWatcher(PathOf("sommelier.yaml"), Given.Environment(), (_, _) => throw new InvalidOperationException("no"), new ListLogger(log), TimeProvider.System);

        Write("discover: false");
        await Look(watcher);
        Assert.False(await Look(watcher));
        Assert.Contains("ConfigReloadFailed", Assert.Single(log), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static Task<bool> Look(ConfigWatcher watcher) => watcher.LookAsync(TestContext.Current.CancellationToken);

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    // Every write has a time of its own, however coarse the file system's clock is.
    private void Write(string text, string name = "sommelier.yaml")
    {
        File.WriteAllText(PathOf(name), text);
        clock += TimeSpan.FromSeconds(1);
        File.SetLastWriteTimeUtc(PathOf(name), clock);
    }

    private ConfigWatcher Watch() => new(PathOf("sommelier.yaml"), Given.Environment(), Apply, new ListLogger(log), TimeProvider.System);

    private Task Apply(SommelierConfig config, CancellationToken cancellationToken)
    {
        applied.Add(config);
        return Task.CompletedTask;
    }

    private sealed class ListLogger(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));
    }
}
