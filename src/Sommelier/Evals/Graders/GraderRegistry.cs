namespace Sommelier.Evals.Graders;

/// <summary>Every kind of grader. A new one is a file beside this one and a line here.</summary>
public static class GraderRegistry
{
    /// <summary>All kinds, in the order of the documentation.</summary>
    public static IReadOnlyList<GraderKind> All { get; } =
    [
        ContainsGrader.Kind,
        Code.CodeGrader.Kind,
        JavascriptGrader.Kind,
        RubricGrader.Kind,
        RubricGrader.Factuality,
        RubricGrader.ClosedQuestion,
        HumanGrader.Kind,
    ];

    /// <summary>The kind of that name, or null.</summary>
    public static GraderKind? Find(string name) => All.FirstOrDefault(kind => string.Equals(kind.Name, name, StringComparison.Ordinal));
}
