namespace Sommelier.Evals.Graders;

/// <summary>The answer holds a text, in the same letters.</summary>
public sealed class ContainsGrader(string wanted) : IGrader
{
    /// <summary>The registry's line.</summary>
    public static GraderKind Kind { get; } = new("contains", "a text", "The answer holds the text, in the same letters.", settings => new ContainsGrader(settings.Text("value")));

    /// <inheritdoc/>
    public ValueTask<Grade> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken) =>
        new(Grade.Of(answer.Text.Contains(wanted, StringComparison.Ordinal), $"'{wanted}' is not in the answer"));
}
