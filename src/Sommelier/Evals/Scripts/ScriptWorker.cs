using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Scripts;

/// <summary>
/// The worker executable, started at the first script and asked line by line. What a script can do to it (endless loops, full
/// memory, a stack that overflows) ends that process at worst; the next script gets a new one.
/// </summary>
/// <param name="command">The executable and its arguments; null when it is absent.</param>
internal sealed class ScriptWorker(IReadOnlyList<string>? command) : IScriptRunner, IDisposable
{
    private const int ScriptMegabytes = 64;

    // What a worker that has just been started has to answer: then a later end is a script's doing.
    private const string Ready = """{"body":"return true","output":"","context":"{}","seconds":5,"megabytes":64}""";

    // Beyond the limit that the engine itself holds: it looks at the clock between statements only.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(10);
    private static readonly Lazy<ScriptWorker> ThisInstallation = new(() => new(Find()));

    private readonly SemaphoreSlim turn = new(1);
    private Process? process;

    /// <summary>The worker beside this executable.</summary>
    public static ScriptWorker Once() => ThisInstallation.Value;

    /// <inheritdoc/>
    public async Task<ScriptOutcome> RunAsync(ScriptCall call, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["body"] = call.Body,
            ["output"] = call.Output,
            ["context"] = call.Context,
            ["seconds"] = call.Limit.TotalSeconds,
            ["megabytes"] = ScriptMegabytes,
        };

        await turn.WaitAsync(cancellationToken);
        try
        {
            if (process is null)
            {
                process = Begin();
                if (await AskAsync(Ready, Start, cancellationToken) is not { Answer: not null })
                {
                    throw new ScriptsUnavailableException($"the script worker does not start (exit code {End()}); publish it again, or install the .NET runtime that it was built for");
                }
            }

            switch (await AskAsync(request.ToJsonString(), call.Limit + Grace, cancellationToken))
            {
                case { Answer: { } answer }:
                    return Read(answer);
                case { InTime: false }:
                    End();
                    return new(ScriptEnd.Limited, "time");
                default:
                    End();
                    return new(ScriptEnd.Limited, "memory or stack");
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        turn.Dispose();
    }

    /// <summary>
    /// Where the worker is: beside a published executable, or among the outputs of a build. A build's runs in the host that runs us.
    /// </summary>
    internal static IReadOnlyList<string>? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var published = Path.Combine(folder.FullName, OperatingSystem.IsWindows() ? "sommelier-worker.exe" : "sommelier-worker");
        if (File.Exists(published))
        {
            return [published];
        }

        var built = folder.Parent?.Parent is { } outputs ? Path.Combine(outputs.FullName, "Sommelier.Worker", folder.Name, "Sommelier.Worker.dll") : null;
        return File.Exists(built) ? ["dotnet", built] : null;
    }

    private static ScriptOutcome Read(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        foreach (var (name, end) in ((string, ScriptEnd)[])[("value", ScriptEnd.Returned), ("threw", ScriptEnd.Threw), ("limit", ScriptEnd.Limited), ("invalid", ScriptEnd.Invalid)])
        {
            if (document.RootElement.TryGetProperty(name, out var text))
            {
                return new(end, text.GetString()!);
            }
        }

        return new(ScriptEnd.Returned, "");
    }

    // The answer's line; null when there was none in time, or when the process has ended.
    private async Task<(string? Answer, bool InTime)> AskAsync(string line, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        try
        {
            await process!.StandardInput.WriteLineAsync(line.AsMemory(), patience.Token);
            await process.StandardInput.FlushAsync(patience.Token);
            return (await process.StandardOutput.ReadLineAsync(patience.Token), true);
        }
        catch (OperationCanceledException)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                End();
                throw;
            }

            return (null, false);
        }
        catch (IOException)
        {
            return (null, true);
        }
    }

    private Process Begin()
    {
        if (command is null)
        {
            throw new ScriptsUnavailableException("the script worker is absent; put sommelier-worker, which publish makes, beside the executable");
        }

        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };

        // Scripts cannot read variables, but what is not there cannot leak.
        foreach (var name in start.Environment.Keys.Where(static name => name is not ("PATH" or "HOME" or "LANG" or "TMPDIR" or "SystemRoot") && !name.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_GCHeapHardLimit"] = "0x18000000";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        try
        {
            var started = Process.Start(start)!;

            // A stack that overflows is told at great length there; nobody wants to read it, and a full pipe would block.
            started.ErrorDataReceived += static (_, _) => { };
            started.BeginErrorReadLine();
            return started;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ScriptsUnavailableException($"the script worker cannot be started: {exception.Message}");
        }
    }

    private int End()
    {
        if (process is null)
        {
            return 0;
        }

        if (!process.WaitForExit(200))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        var code = process.ExitCode;
        process.Dispose();
        process = null;
        return code;
    }
}
