namespace Sommelier.Evals.Graders;

/// <summary>The setting <c>threshold</c> where a kind has no default for it.</summary>
internal static class Threshold
{
    /// <summary>The number; a missing one is a problem.</summary>
    public static double Required(GraderSettings settings, string unit)
    {
        if (settings.Json("threshold") is null)
        {
            settings.Problem("threshold", "is missing", $"Add threshold: with a number of {unit}");
        }

        return settings.Number("threshold", 0, 0);
    }
}
