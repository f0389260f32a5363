using System.Globalization;

namespace Sommelier.Evals.Sandbox;

/// <summary>One way of starting a program apart from everything else. Which one works depends on the machine; it is tried.</summary>
/// <param name="mountsProc">Whether the program gets a <c>/proc</c> of its own; containers often forbid that, and only .NET needs it.</param>
internal abstract class SandboxLauncher(bool mountsProc)
{
    /// <summary>Where commands are looked for inside.</summary>
    protected const string SearchPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>Ways to start, the best first.</summary>
    public static IReadOnlyList<SandboxLauncher> All { get; } =
    [
        new BubblewrapLauncher(mountsProc: true),
        new BubblewrapLauncher(mountsProc: false),
        new NamespaceLauncher(mountsProc: true),
        new NamespaceLauncher(mountsProc: false),
    ];

    /// <summary>What people call it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the program gets a <c>/proc</c> of its own.</summary>
    public bool MountsProc { get; } = mountsProc;

    /// <summary>The tools that it needs, by name.</summary>
    public abstract IReadOnlyList<string> Tools { get; }

    /// <summary>The whole command line.</summary>
    /// <param name="job">A folder with an empty folder <c>root</c> and the program's files in <c>task</c>.</param>
    /// <param name="program">What to run.</param>
    /// <param name="limits">What it may use.</param>
    public IReadOnlyList<string> CommandLine(string job, SandboxProgram program, SandboxLimits limits)
    {
        var limited = Limited(program, limits);

        // Root's processes are not counted by the kernel, so nobody runs them; a user's own are counted inside the namespace alone.
        string[] asNobody = System.Environment.IsPrivilegedProcess ? ["--reuid=65534", "--regid=65534", "--clear-groups"] : [];
        return [Tool("setpriv")!, .. asNobody, "--pdeathsig=KILL", .. Isolated(job, limits, Variables(program)), .. limited];
    }

    /// <summary>The path of a tool of the system, or null.</summary>
    public static string? Tool(string name) => Array.Find(
        [$"/usr/local/bin/{name}", $"/usr/bin/{name}", $"/bin/{name}", $"/usr/sbin/{name}", $"/sbin/{name}"],
        File.Exists);

    /// <summary>The command up to the place where the program's own begins.</summary>
    protected abstract IEnumerable<string> Isolated(string job, SandboxLimits limits, IReadOnlyDictionary<string, string> variables);

    private static Dictionary<string, string> Variables(SandboxProgram program) => new(program.Environment, StringComparer.Ordinal)
    {
        ["PATH"] = SearchPath,
        ["HOME"] = "/tmp",
        ["LANG"] = "C.UTF-8",
    };

    private static IEnumerable<string> Limited(SandboxProgram program, SandboxLimits limits)
    {
        var bytes = (limits.MemoryMegabytes * 1_000_000L).ToString(CultureInfo.InvariantCulture);
        string[] memory = program.ReservesAddressSpace ? [$"--data={bytes}"] : [$"--as={bytes}", $"--data={bytes}"];
        return
        [
            "prlimit",
            string.Create(CultureInfo.InvariantCulture, $"--cpu={limits.CpuSeconds}"),
            string.Create(CultureInfo.InvariantCulture, $"--nproc={limits.Processes}"),
            string.Create(CultureInfo.InvariantCulture, $"--fsize={limits.FileMegabytes * 1_000_000L}"),
            "--nofile=256",
            "--core=0",
            .. memory,
            "--",
            .. program.Command,
        ];
    }
}
