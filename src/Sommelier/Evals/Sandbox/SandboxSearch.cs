namespace Sommelier.Evals.Sandbox;

/// <summary>The sandbox of this machine, or why there is none. Nothing is ever run without one.</summary>
/// <param name="Sandbox">The sandbox; null when none works.</param>
/// <param name="Problem">What was tried and what to do, as a sentence without a full stop; empty when there is one.</param>
internal sealed record SandboxSearch(ProgramSandbox? Sandbox, string Problem)
{
    private const string Remedy = "install bubblewrap (apt-get install bubblewrap) where user namespaces are allowed; in a container they need seccomp=unconfined";

    private static readonly Lazy<Task<SandboxSearch>> ThisMachine = new(() => TryAsync(SandboxLauncher.All));

    /// <summary>The sandbox of this machine; looked for once.</summary>
    public static Task<SandboxSearch> Once() => ThisMachine.Value;

    /// <summary>The first launcher that proves to work: a probe must start, and must not see what it is not to see.</summary>
    public static async Task<SandboxSearch> TryAsync(IReadOnlyList<SandboxLauncher> launchers)
    {
        var probe = new SandboxProgram(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["probe.sh"] = "[ ! -e /etc/passwd ] && [ ! -e /home ] && [ ! -e /root ] && [ ! -w /task ] && echo apart" },
            ["sh", "/task/probe.sh"]);
        var tried = new List<string>();
        foreach (var launcher in launchers)
        {
            if (!OperatingSystem.IsLinux())
            {
                return new(null, "there is no sandbox for programs on this operating system; run the evaluation on Linux");
            }

            if (launcher.Tools.FirstOrDefault(static tool => SandboxLauncher.Tool(tool) is null) is { } lacking)
            {
                tried.Add($"{launcher.Name}: {lacking} is not installed");
                continue;
            }

            var sandbox = new ProgramSandbox(launcher);
            var outcome = await sandbox.RunAsync(probe, SandboxLimits.Default, CancellationToken.None);
            if (outcome is { End: SandboxEnd.Exited, ExitCode: 0 } && string.Equals(outcome.Output.Trim(), "apart", StringComparison.Ordinal))
            {
                return new(sandbox, "");
            }

            sandbox.Dispose();
            tried.Add($"{launcher.Name}: {outcome.Error.Trim().Split('\n')[^1]}");
        }

        return new(null, $"there is no sandbox for programs here ({string.Join("; ", tried.Distinct(StringComparer.Ordinal))}); {Remedy}");
    }
}
