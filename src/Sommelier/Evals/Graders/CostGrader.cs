using System.Globalization;

namespace Sommelier.Evals.Graders;

/// <summary>The answer was cheap enough.</summary>
internal static class CostGrader
{
    /// <summary><c>cost</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "cost",
        "none; `threshold` in USD",
        "The answer cost no more than `threshold` USD; where its cost is not known it cannot be judged.",
        Create)
    {
        Example = "{ type: cost, threshold: 0.002 }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var most = Threshold.Required(settings, "USD");
        return new(answer => answer.CostUsd is { } cost
            ? Grade.Of((double)cost <= most, string.Create(CultureInfo.InvariantCulture, $"it cost {cost} USD, more than {most}"))
            : Grade.Missing("what the answer cost is not known"));
    }
}
