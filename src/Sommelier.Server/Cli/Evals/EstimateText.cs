using System.Globalization;
using Sommelier.Evals.Runs;

namespace Sommelier.Server.Cli.Evals;

/// <summary>What a run will take, in words, before it begins.</summary>
internal static class EstimateText
{
    /// <summary>One line, or a few where something must be known.</summary>
    /// <param name="estimate">What it will take.</param>
    /// <param name="manifest">What it is of.</param>
    /// <param name="spent">What it has spent before, USD.</param>
    /// <param name="cap">The cap, USD, or null.</param>
    public static string Of(RunEstimate estimate, RunManifest manifest, decimal spent, decimal? cap)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"Run {manifest.Id}: {estimate.Calls} calls, about {estimate.Usd:0.####} USD{(estimate.Simulated && estimate.Calls > 0 ? " if they were real" : "")} and {Time(estimate.Time)}");
        text += estimate.Kept > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {estimate.Kept} answers are kept from earlier runs.") : ".";
        text += spent > 0 ? string.Create(CultureInfo.InvariantCulture, $" {spent:0.####} USD are spent already.") : "";
        text += cap is { } most ? string.Create(CultureInfo.InvariantCulture, $" The cap is {most:0.####} USD.") : "";
        text += estimate.Comparisons is { Pairs: > 0 } pairs
            ? string.Create(CultureInfo.InvariantCulture, $" {pairs.Pairs} comparisons of answers, each asked both ways round, follow: {pairs.Calls} calls of judges, about {pairs.Usd:0.####} USD{(manifest.Simulated ? " if they were real" : "")}.")
            : "";
        text += estimate.Judged ? " Judges of single answers come on top of it." : "";
        text += estimate.Detectable is { } smallest ? string.Create(CultureInfo.InvariantCulture, $"\nWith these cases a difference of {100 * smallest:0} points between two models shows with a chance of 80 %.") : "";
        if (estimate.Unpriced.Concat(estimate.Comparisons.Unpriced).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } unpriced)
        {
            text += $"\nNo price is known of {string.Join(", ", unpriced)}: they count as nothing{(cap is null ? "" : ", also against the cap")}.";
        }

        return text;
    }

    private static string Time(TimeSpan time) => time.TotalMinutes >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s");
}
