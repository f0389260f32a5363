using Sommelier.Configuration;

namespace Sommelier.Evals.Graders;

/// <summary>A kind of grader as suites know it. One line of <see cref="GraderRegistry"/>.</summary>
/// <param name="Name">The word in suites, e.g. <c>contains</c>; <c>not-contains</c> reverses it.</param>
/// <param name="Value">What stands as its value, for people and for the schema, e.g. <c>a text</c>.</param>
/// <param name="What">What it checks, one sentence.</param>
/// <param name="Create">Makes the grader from an expectation's settings; what is wrong with them is told to the settings.</param>
public sealed record GraderKind(string Name, string Value, string What, Func<GraderSettings, IGrader> Create)
{
    /// <summary>The expectation as a suite writes it, in YAML's flow form: <c>{ type: contains, value: Paris }</c>. A test makes a grader of it.</summary>
    public required string Example { get; init; }

    /// <summary>Whether a model has the say, so that the grade weighs less as evidence.</summary>
    public bool IsJudge { get; init; }

    /// <summary>Whether an expectation that says the kind alone is a mistake.</summary>
    internal bool NeedsValue
    {
        get
        {
            List<ConfigProblem> problems = [];
            Create(new([], "", default, "", problems));
            return problems.Count > 0;
        }
    }
}
