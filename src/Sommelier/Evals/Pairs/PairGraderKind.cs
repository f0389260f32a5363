using Sommelier.Evals.Graders;

namespace Sommelier.Evals.Pairs;

/// <summary>A kind of comparison as suites know it. One line of <see cref="PairGraderRegistry"/>.</summary>
/// <param name="Name">The word in suites, e.g. <c>pairwise</c>.</param>
/// <param name="Value">What stands as its value, for people and for the schema.</param>
/// <param name="What">What it compares, one sentence.</param>
/// <param name="Create">Makes the grader from settings; what is wrong with them is told to the settings.</param>
public sealed record PairGraderKind(string Name, string Value, string What, Func<GraderSettings, IPairGrader> Create);

/// <summary>Every kind of comparison. A new one is a file beside this one and a line here.</summary>
public static class PairGraderRegistry
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<PairGraderKind> All { get; } = [PairwiseGrader.Kind];

    /// <summary>The kind of that name, or null.</summary>
    public static PairGraderKind? Find(string name) => All.FirstOrDefault(kind => string.Equals(kind.Name, name, StringComparison.Ordinal));
}
