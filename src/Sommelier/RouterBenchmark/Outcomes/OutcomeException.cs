namespace Sommelier.RouterBenchmark.Outcomes;

/// <summary>An outcome file cannot be used. The message names each problem's file and line, and what to do.</summary>
internal sealed class OutcomeException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>One line each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
