using System.Globalization;

namespace Sommelier.Evals.Sandbox;

/// <summary>Starts programs with <c>bwrap</c>: new namespaces of every kind, a system made of read-only <c>/usr</c>, nothing else.</summary>
internal sealed class BubblewrapLauncher(bool mountsProc) : SandboxLauncher(mountsProc)
{
    /// <inheritdoc/>
    public override string Name => "bubblewrap";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Tools { get; } = ["bwrap", "setpriv", "prlimit"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Isolated(string job, SandboxLimits limits, IReadOnlyDictionary<string, string> variables) =>
    [
        Tool("bwrap")!,
        "--unshare-all", "--die-with-parent", "--new-session", "--hostname", "sandbox",
        "--clearenv",
        .. variables.SelectMany(static variable => (string[])["--setenv", variable.Key, variable.Value]),
        "--ro-bind", "/usr", "/usr",
        .. SystemFolders(),
        "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache",
        "--ro-bind-try", "/etc/alternatives", "/etc/alternatives",
        "--dev", "/dev",
        .. MountsProc ? (string[])["--proc", "/proc"] : [],
        "--size", (limits.FileMegabytes * 1_000_000L).ToString(CultureInfo.InvariantCulture), "--tmpfs", "/tmp",
        "--ro-bind", Path.Combine(job, "task"), "/task",
        "--remount-ro", "/dev", "--remount-ro", "/",
        "--chdir", "/tmp",
        "--",
    ];

    // Links into /usr on most systems, folders of their own on older ones.
    private static IEnumerable<string> SystemFolders() =>
        ((string[])["/bin", "/sbin", "/lib", "/lib32", "/lib64"]).Where(Directory.Exists).SelectMany(static folder =>
            new DirectoryInfo(folder).LinkTarget is { } target ? (string[])["--symlink", target, folder] : ["--ro-bind", folder, folder]);
}
