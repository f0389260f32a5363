namespace Sommelier.Evals.Graders;

/// <summary>Every kind of grader. A new one is a file beside this one and a line here.</summary>
public static class GraderRegistry
{
    /// <summary>All kinds, in the order of the documentation.</summary>
    public static IReadOnlyList<GraderKind> All { get; } =
    [
        ExactGrader.Kind,
        EqualsGrader.Kind,
        ContainsGrader.Kind,
        ContainsGrader.AnyCase,
        ContainsManyGrader.Any,
        ContainsManyGrader.All,
        ContainsManyGrader.AnyInAnyCase,
        ContainsManyGrader.AllInAnyCase,
        AffixGrader.Start,
        AffixGrader.End,
        RegexGrader.Kind,
        WordCountGrader.Kind,
        IsJsonGrader.Whole,
        IsJsonGrader.Within,
        IsJsonGrader.Schema,
        JsonEqualsGrader.Kind,
        XmlGrader.Whole,
        XmlGrader.Within,
        HtmlGrader.Whole,
        HtmlGrader.Within,
        SqlGrader.Whole,
        SqlGrader.Within,
        NumberGrader.Kind,
        MathGrader.Kind,
        ChoiceGrader.Kind,
        LabelGrader.Kind,
        InstructionsGrader.Kind,
        LevenshteinGrader.Kind,
        OverlapGrader.RougeN,
        OverlapGrader.RougeL,
        OverlapGrader.BleuScore,
        OverlapGrader.GleuScore,
        OverlapGrader.MeteorScore,
        SimilarGrader.Kind,
        ToolCallGrader.Kind,
        ToolCallSchemaGrader.Kind,
        ToolCallF1Grader.Kind,
        RefusalGrader.Kind,
        FinishReasonGrader.Kind,
        LatencyGrader.Kind,
        CostGrader.Kind,
        Code.CodeGrader.Kind,
        JavascriptGrader.Kind,
        RubricGrader.Kind,
        RubricGrader.Factuality,
        RubricGrader.ClosedQuestion,
        HumanGrader.Kind,
        SetGrader.Kind,
    ];

    /// <summary>The kind of that name, or null.</summary>
    public static GraderKind? Find(string name) => All.FirstOrDefault(kind => string.Equals(kind.Name, name, StringComparison.Ordinal));
}
