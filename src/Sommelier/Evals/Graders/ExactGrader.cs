namespace Sommelier.Evals.Graders;

/// <summary>The answer is one of the right ones, but for white space around it and capitals.</summary>
internal static class ExactGrader
{
    /// <summary><c>exact</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "exact",
        "a text or a list of texts",
        "The answer is one of the texts, without white space around it (`trim`, true) and in capitals or not (`ignore_case`, true).",
        Create)
    {
        Example = "{ type: exact, value: [Paris, 'Paris, France'], ignore_case: false }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var wanted = settings.Texts("value");
        var trim = settings.Flag("trim", true);
        var comparison = settings.Flag("ignore_case", true) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return new(answer => Grade.Of(wanted.Any(text => Shaped(answer.Text).Equals(Shaped(text), comparison)), $"the answer is not {string.Join(" or ", wanted.Select(static text => $"'{text}'"))}"));

        ReadOnlySpan<char> Shaped(string text) => trim ? text.AsSpan().Trim() : text;
    }
}
