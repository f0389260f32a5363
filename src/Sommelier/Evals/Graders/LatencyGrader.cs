using System.Globalization;

namespace Sommelier.Evals.Graders;

/// <summary>The answer came in time.</summary>
internal static class LatencyGrader
{
    /// <summary><c>latency</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "latency",
        "none; `threshold` in milliseconds",
        "The attempt took no longer than `threshold` milliseconds; of a recorded or stored answer it cannot be judged.",
        Create)
    {
        Example = "{ type: latency, threshold: 2000 }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var most = Threshold.Required(settings, "milliseconds");
        return new(answer => answer.Latency is { } latency
            ? Grade.Of(latency.TotalMilliseconds <= most, string.Create(CultureInfo.InvariantCulture, $"it took {latency.TotalMilliseconds:0} ms, more than {most}"))
            : Grade.Missing("how long the answer took is not known"));
    }
}
