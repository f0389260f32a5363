using Sommelier.Routing;

namespace Sommelier.RouterBenchmark;

/// <summary>What is to be benchmarked, and how.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>Outcome files, or folders of them.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Files or folders of the same names to test on, after learning from all of <see cref="Data"/>; empty: parts of the data themselves.</summary>
    public IReadOnlyList<string> TestData { get; init; } = [];

    /// <summary>The names of the contestants; empty for all.</summary>
    public IReadOnlyList<string> Strategies { get; init; } = [];

    /// <summary>The policies that take part.</summary>
    public IReadOnlyList<Policy> Policies { get; init; } = [Routing.Policies.Frugal, Routing.Policies.Balanced, Routing.Policies.Premium];

    /// <summary>Into how many parts the questions are cut; 2 or more.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Of the cut, the samples and the bootstrap.</summary>
    public long Seed { get; init; } = 1;
}
