namespace Sommelier.Evals.Graders;

/// <summary>The answer holds a text.</summary>
internal static class ContainsGrader
{
    /// <summary><c>contains</c>.</summary>
    public static GraderKind Kind { get; } = new("contains", "a text", "The answer holds the text, in the same letters.", static settings => Create(settings, StringComparison.Ordinal))
    {
        Example = "{ type: contains, value: Paris }",
    };

    /// <summary><c>icontains</c>.</summary>
    public static GraderKind AnyCase { get; } = new("icontains", "a text", "The answer holds the text, in capitals or not.", static settings => Create(settings, StringComparison.OrdinalIgnoreCase))
    {
        Example = "{ type: icontains, value: paris }",
    };

    private static FunctionGrader Create(GraderSettings settings, StringComparison comparison)
    {
        var wanted = settings.Filled("value");
        return new(answer => Grade.Of(answer.Text.Contains(wanted, comparison), $"'{wanted}' is not in the answer"));
    }
}
