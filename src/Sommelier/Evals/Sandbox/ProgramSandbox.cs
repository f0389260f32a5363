using System.Diagnostics;

namespace Sommelier.Evals.Sandbox;

/// <summary>
/// Runs programs that nobody has read: no network, a read-only system without home and data folders, an empty environment,
/// and hard limits. As many run at once as there are processors, so that one does not cost another its time.
/// </summary>
internal sealed class ProgramSandbox(SandboxLauncher launcher) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);

    private readonly SemaphoreSlim places = new(Environment.ProcessorCount);

    /// <summary>How programs are started.</summary>
    public SandboxLauncher Launcher => launcher;

    /// <summary>Runs a program to its end, or to the limit that it meets first.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the program is dead.</exception>
    public async Task<SandboxOutcome> RunAsync(SandboxProgram program, SandboxLimits limits, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        var job = Directory.CreateTempSubdirectory("sommelier-sandbox-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(job, "root"));
            var task = Directory.CreateDirectory(Path.Combine(job, "task")).FullName;
            foreach (var (name, text) in program.Files)
            {
                await File.WriteAllTextAsync(Path.Combine(task, name), text, cancellationToken);
            }

            if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
            {
                // Nobody has to get at them, because nobody is who runs the program.
                File.SetUnixFileMode(job, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            }

            // The kernel ends the program when the thread that started it ends, so that thread has to stay: it is not the pool's.
            var command = launcher.CommandLine(job, program, limits);
            return await Task.Factory.StartNew(() => Run(command, limits, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            Directory.Delete(job, recursive: true);
            places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => places.Dispose();

    private static SandboxOutcome Run(IReadOnlyList<string> command, SandboxLimits limits, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = new CappedText(process.StandardOutput.BaseStream, limits.OutputKilobytes * 1024);
        var error = new CappedText(process.StandardError.BaseStream, limits.OutputKilobytes * 1024);
        var end = SandboxEnd.Exited;
        while (!process.WaitForExit(LookEvery) && end == SandboxEnd.Exited && !cancellationToken.IsCancellationRequested)
        {
            end = output.IsFull || error.IsFull ? SandboxEnd.Output
                : Stopwatch.GetElapsedTime(began) > limits.WallTime ? SandboxEnd.WallTime
                : ProcessTree.ResidentBytes(process.Id) > limits.MemoryMegabytes * 1_000_000L ? SandboxEnd.Memory
                : SandboxEnd.Exited;
        }

        // With it dies the first process of its namespace, and with that the kernel kills all the others.
        process.Kill();
        process.WaitForExit();
        Task.WaitAll(output.Read, error.Read);
        cancellationToken.ThrowIfCancellationRequested();

        // A flood that ends by itself between two looks was one too.
        end = end == SandboxEnd.Exited && (output.IsFull || error.IsFull) ? SandboxEnd.Output : end;
        return new(end, process.ExitCode, output.Text, error.Text);
    }
}
