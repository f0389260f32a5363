using System.Globalization;

namespace Sommelier.Evals.Sandbox;

/// <summary>
/// Starts programs with util-linux alone: <c>unshare</c> makes the namespaces, a shell inside them builds the same read-only
/// system as bubblewrap does, turns it into the root, and gives up every capability before the program starts.
/// </summary>
internal sealed class NamespaceLauncher(bool mountsProc) : SandboxLauncher(mountsProc)
{
    // After pivot_root the old system lies under /host. It is covered rather than unmounted: umount needs a /proc that is not
    // always there, and a cover cannot be taken off without the capabilities that are given up in the next line.
    private const string Build = """
        set -eu
        mount -n -t tmpfs -o size=1m,mode=755 tmpfs "$1"
        cd "$1"
        mkdir usr etc tmp dev proc task host
        mount -n --rbind /usr usr
        mount -n -o remount,bind,ro,nosuid usr
        for folder in bin sbin lib lib32 lib64; do
          if [ -L "/$folder" ]; then ln -s "$(readlink "/$folder")" "$folder"
          elif [ -d "/$folder" ]; then mkdir "$folder"; mount -n --rbind "/$folder" "$folder"; mount -n -o remount,bind,ro,nosuid "$folder"; fi
        done
        if [ -d /etc/alternatives ]; then mkdir etc/alternatives; mount -n --bind /etc/alternatives etc/alternatives; mount -n -o remount,bind,ro etc/alternatives; fi
        if [ -f /etc/ld.so.cache ]; then : > etc/ld.so.cache; mount -n --bind /etc/ld.so.cache etc/ld.so.cache; mount -n -o remount,bind,ro etc/ld.so.cache; fi
        for device in null zero random urandom; do : > "dev/$device"; mount -n --bind "/dev/$device" "dev/$device"; done
        if [ "$3" = yes ]; then mount -n -t proc -o nosuid,nodev,noexec proc proc; fi
        mount -n --bind "$2" task
        mount -n -o remount,bind,ro task
        mount -n -t tmpfs -o "size=$4,mode=1777,nosuid,nodev" tmpfs tmp
        mount -n -o remount,bind,ro "$1"
        pivot_root . host
        cd /tmp
        mount -n -t tmpfs -o size=4k,mode=000,ro tmpfs /host
        shift 4
        exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs env -i "$@"
        """;

    /// <inheritdoc/>
    public override string Name => "namespaces";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Tools { get; } = ["unshare", "setpriv", "prlimit", "mount", "pivot_root"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Isolated(string job, SandboxLimits limits, IReadOnlyDictionary<string, string> variables) =>
    [
        Tool("unshare")!,
        "--user", "--map-root-user", "--net", "--pid", "--mount", "--ipc", "--uts", "--cgroup", "--fork", "--kill-child",
        "/bin/sh", "-c", Build, "sandbox",
        Path.Combine(job, "root"),
        Path.Combine(job, "task"),
        MountsProc ? "yes" : "no",
        (limits.FileMegabytes * 1_000_000L).ToString(CultureInfo.InvariantCulture),
        .. variables.Select(static variable => $"{variable.Key}={variable.Value}"),

        // A shell waits for the program: as the first process of its namespace the program would not get the usual signals, and
        // unshare tells a kill as exit code 1.
        "/bin/sh", "-c", "\"$@\"; exit $?", "sandbox",
    ];
}
