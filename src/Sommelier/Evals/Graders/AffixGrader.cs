namespace Sommelier.Evals.Graders;

/// <summary>The answer begins or ends with a text.</summary>
internal static class AffixGrader
{
    /// <summary><c>starts-with</c>.</summary>
    public static GraderKind Start { get; } = new("starts-with", "a text", "The answer begins with the text, in the same letters.", static settings =>
    {
        var wanted = settings.Filled("value");
        return new FunctionGrader(answer => Grade.Of(answer.Text.StartsWith(wanted, StringComparison.Ordinal), $"the answer does not begin with '{wanted}'"));
    })
    {
        Example = "{ type: starts-with, value: 'Dear ' }",
    };

    /// <summary><c>ends-with</c>.</summary>
    public static GraderKind End { get; } = new("ends-with", "a text", "The answer ends with the text, in the same letters; a line feed after it counts.", static settings =>
    {
        var wanted = settings.Filled("value");
        return new FunctionGrader(answer => Grade.Of(answer.Text.EndsWith(wanted, StringComparison.Ordinal), $"the answer does not end with '{wanted}'"));
    })
    {
        Example = "{ type: ends-with, value: Sincerely }",
    };
}
