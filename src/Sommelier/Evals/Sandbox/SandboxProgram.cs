namespace Sommelier.Evals.Sandbox;

/// <summary>What is to run in the sandbox.</summary>
/// <param name="Files">Text by name; the program sees them read-only in <c>/task</c>.</param>
/// <param name="Command">The program, by its name on the sandbox's path, and its arguments.</param>
internal sealed record SandboxProgram(IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> Command)
{
    /// <summary>Variables beside the few that every program gets. Nothing of our own environment is passed on.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The runtime reserves far more address space than it uses (.NET, V8), so that only its writable memory can be limited.
    /// </summary>
    public bool ReservesAddressSpace { get; init; }
}

/// <summary>How a program in the sandbox ended.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="ExitCode">Its exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="Output">The begin of its standard output.</param>
/// <param name="Error">The begin of its standard error.</param>
internal sealed record SandboxOutcome(SandboxEnd End, int ExitCode, string Output, string Error);

/// <summary>Why a program ended.</summary>
internal enum SandboxEnd
{
    /// <summary>By itself, or by a limit that the kernel holds: processor time, memory of one process, file size.</summary>
    Exited,

    /// <summary>It took too long.</summary>
    WallTime,

    /// <summary>All its processes together used too much memory.</summary>
    Memory,

    /// <summary>It wrote too much.</summary>
    Output,
}
