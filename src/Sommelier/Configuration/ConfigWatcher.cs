using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Sommelier.Configuration;

/// <summary>Reads the configuration again when its file changes. A file with mistakes is refused whole; the last good one stays.</summary>
/// <remarks>
/// It looks twice a second instead of waiting for the system's change events: those are not told across network mounts, by
/// the link swaps of mounted configuration volumes, or by editors that write a new file and rename it.
/// </remarks>
internal sealed partial class ConfigWatcher : IAsyncDisposable
{
    private readonly string path;
    private readonly Func<string, string?> environment;
    private readonly Func<SommelierConfig, CancellationToken, Task> apply;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private Stamp handled;
    private Stamp seen;
    private byte[] hash;

    /// <param name="path">The file.</param>
    /// <param name="environment">Environment variables by name.</param>
    /// <param name="apply">Puts a good configuration in force; when it throws, the old one stays.</param>
    /// <param name="logger">Is told of every reload and every mistake.</param>
    /// <param name="time">Paces the looks.</param>
    public ConfigWatcher(string path, Func<string, string?> environment, Func<SommelierConfig, CancellationToken, Task> apply, ILogger logger, TimeProvider time)
    {
        this.path = Path.GetFullPath(path);
        this.environment = environment;
        this.apply = apply;
        this.logger = logger;
        this.time = time;
        handled = seen = Stamp.Of(this.path);
        hash = Hash(this.path) ?? [];
    }

    /// <summary>How often it looks. Default 500 ms; a change is taken up once two looks in a row see the same.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Begins to look.</summary>
    public ConfigWatcher Start()
    {
        running = Task.Run(() => RunAsync(stopping.Token));
        return this;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    /// <summary>Looks once. True when a new configuration was put in force.</summary>
    internal async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var now = Stamp.Of(path);
        var settled = now == seen;
        seen = now;

        // A file that is gone is about to be renamed into place, or gone by mistake: nothing to do in either case.
        if (!settled || now == handled || now == default)
        {
            return false;
        }

        handled = now;
        if (Hash(path) is not { } content || content.AsSpan().SequenceEqual(hash))
        {
            return false;
        }

        hash = content;
        var (config, problems) = ConfigFile.Read(path, environment);
        foreach (var problem in problems)
        {
            ProblemFound(logger, problem.ToString());
        }

        if (config is null)
        {
            ReloadRefused(logger, path, problems.Count(problem => problem.Severity == ConfigSeverity.Error));
            return false;
        }

        try
        {
            await apply(config, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            ReloadFailed(logger, failure, path);
            return false;
        }

        Reloaded(logger, path, config.Version);
        return true;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await LookAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private static byte[]? Hash(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return SHA256.HashData(stream);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(1311, LogLevel.Information, "ConfigReloaded: {Path}, version {Version}.")]
    private static partial void Reloaded(ILogger logger, string path, string version);

    [LoggerMessage(1312, LogLevel.Error, "ConfigRefused: {Path} has {Count} mistakes; the last good configuration stays in force.")]
    private static partial void ReloadRefused(ILogger logger, string path, int count);

    [LoggerMessage(1313, LogLevel.Warning, "ConfigProblemFound: {Problem}")]
    private static partial void ProblemFound(ILogger logger, string problem);

    [LoggerMessage(1314, LogLevel.Error, "ConfigReloadFailed: {Path}; the last good configuration stays in force.")]
    private static partial void ReloadFailed(ILogger logger, Exception failure, string path);

    /// <summary>What tells one state of the file from another at the price of one look at its directory entry.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Stamp(long Ticks, long Length)
    {
        public static Stamp Of(string path)
        {
            try
            {
                // Through links: what counts is the file that is read.
                var file = new FileInfo(path);
                var target = file.LinkTarget is null ? file : (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
                return target.Exists ? new(target.LastWriteTimeUtc.Ticks, target.Length) : default;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return default;
            }
        }
    }
}
