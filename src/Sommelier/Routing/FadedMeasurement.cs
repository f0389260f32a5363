namespace Sommelier.Routing;

/// <summary>What a measured time counts for once nobody has measured it for a while.</summary>
/// <remarks>
/// Whoever is passed over for being slow is not asked, so not measured, and would stay slow for ever. After five minutes a measured time
/// therefore halves every five minutes, down to what is usual for the deployment, until a request goes there and finds out.
/// One that stays slow is so tried ever more rarely the slower it is: at ten times the others' time about every twenty minutes.
/// </remarks>
internal static class FadedMeasurement
{
    /// <summary>So long a measurement counts in full, and so long each halving takes.</summary>
    public static readonly TimeSpan HoldsFor = TimeSpan.FromMinutes(5);

    /// <summary>A measured time as it counts now, in the unit that it is given in.</summary>
    /// <param name="measured">What was measured.</param>
    /// <param name="usual">What is usual, which it does not fall below; a time that is shorter than usual does not fade. Null where that is not known.</param>
    /// <param name="age">How long ago the last measurement was; null where that is not known, and nothing fades.</param>
    public static double Of(double measured, double? usual, TimeSpan? age) => age is { } since && since > HoldsFor
        ? Math.Max(measured * Math.Pow(2, 1 - (since / HoldsFor)), Math.Min(measured, usual ?? 0))
        : measured;
}
