using System.Globalization;
using Sommelier.Evals.Text;

namespace Sommelier.Evals.Graders;

/// <summary>The answer is so few insertions, deletions and replacements away from a text.</summary>
internal static class LevenshteinGrader
{
    private const double Closest = 5;
    private const double Alike = 0.8;

    /// <summary><c>levenshtein</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "levenshtein",
        "a text",
        "The answer is no more than `threshold` (5) insertions, deletions and replacements of UTF-16 units away; with `normalized: true` the score is 1 - distance / longer length, passed from `threshold` (0.8) on.",
        Create)
    {
        Example = "{ type: levenshtein, value: Mississippi, threshold: 2 }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var wanted = settings.Text("value");
        return settings.Flag("normalized", false) ? Normalized(wanted, settings.Number("threshold", Alike, 0, 1)) : Counted(wanted, settings.Number("threshold", Closest, 0));
    }

    private static FunctionGrader Counted(string wanted, double threshold) => new(answer =>
    {
        if (Math.Abs(answer.Text.Length - wanted.Length) > threshold)
        {
            return Grade.Fail(string.Create(CultureInfo.InvariantCulture, $"the answer is more than {threshold} edits away"));
        }

        return EditDistance.Of(answer.Text, wanted) is { } distance
            ? Grade.Of(distance <= threshold, string.Create(CultureInfo.InvariantCulture, $"the answer is {distance} edits away, more than {threshold}"))
            : Grade.Missing(EditDistance.TooLong);
    });

    private static FunctionGrader Normalized(string wanted, double threshold) => new(answer =>
    {
        var longer = Math.Max(answer.Text.Length, wanted.Length);
        return EditDistance.Of(answer.Text, wanted) is { } distance
            ? Grade.Of(longer == 0 ? 1 : (double)(longer - distance) / longer, threshold, string.Create(CultureInfo.InvariantCulture, $"{distance} edits of {longer}"))
            : Grade.Missing(EditDistance.TooLong);
    });
}
