namespace Sommelier.Evals.Sandbox;

/// <summary>What a program in the sandbox may use. Each is a hard limit.</summary>
internal sealed record SandboxLimits
{
    /// <summary>The usual limits.</summary>
    public static SandboxLimits Default { get; } = new();

    /// <summary>From its start to its end, waiting included.</summary>
    public TimeSpan WallTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Processor time of one process.</summary>
    public int CpuSeconds { get; init; } = 10;

    /// <summary>Memory of one process, and resident memory of all its processes together.</summary>
    public int MemoryMegabytes { get; init; } = 512;

    /// <summary>Processes and threads at once.</summary>
    public int Processes { get; init; } = 64;

    /// <summary>The private folder for temporary files, and one file in it.</summary>
    public int FileMegabytes { get; init; } = 16;

    /// <summary>What is kept of standard output, and of standard error; a program that writes more is ended.</summary>
    public int OutputKilobytes { get; init; } = 256;
}
