namespace Sommelier.Evals.Graders;

/// <summary>What a grader says of one answer.</summary>
/// <param name="State">Whether the expectation is met, or could not be judged.</param>
/// <param name="Score">0 to 1; 0 when it could not be judged.</param>
/// <param name="Reason">Why, as a sentence without a full stop; empty when the state says it all.</param>
public sealed record Grade(GradeState State, double Score, string Reason = "")
{
    /// <summary>Whether it stands also where the expectation is reversed: an answer that a script breaks on is not right for that.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The expectation is met.</summary>
    public static Grade Pass { get; } = new(GradeState.Passed, 1);

    /// <summary>The expectation is not met.</summary>
    public static Grade Fail(string reason) => new(GradeState.Failed, 0, reason);

    /// <summary>The answer made the check itself fail; it has failed, reversed or not.</summary>
    public static Grade Broken(string reason) => new(GradeState.Failed, 0, reason) { IsFinal = true };

    /// <summary>A yes or a no.</summary>
    public static Grade Of(bool passed, string reason) => passed ? Pass : Fail(reason);

    /// <summary>A share of the whole, met from a threshold on.</summary>
    public static Grade Of(double score, double threshold, string reason) =>
        new(score >= threshold ? GradeState.Passed : GradeState.Failed, Math.Clamp(score, 0, 1), reason);

    /// <summary>It could not be judged: the judge did not answer, a tool is not installed. Missing, not wrong.</summary>
    public static Grade Missing(string reason) => new(GradeState.Missing, 0, reason);
}

/// <summary>Whether an expectation is met.</summary>
public enum GradeState
{
    /// <summary>Met.</summary>
    Passed,

    /// <summary>Not met.</summary>
    Failed,

    /// <summary>Not judged; it counts neither way.</summary>
    Missing,
}
