using System.Globalization;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Prediction;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Evals.Scheduling;

/// <summary>
/// What a sample of a suite says of a new model: where its score over the whole suite lies, and whether the rest is worth asking.
/// </summary>
/// <remarks>
/// The sample is sharpened by what known models scored on all cases (PPI++): how hard the cases are that were not asked is known.
/// The rest is worth its money when the model may still be the best, or when it is cheaper than every model that is surely
/// better, and no further below the best than the gap: only such a model can ever be chosen.
/// </remarks>
/// <param name="Mean">The estimate.</param>
/// <param name="Interval">95 %.</param>
/// <param name="Cases">Cases that it rests on.</param>
/// <param name="GoOn">Whether the rest is to be asked.</param>
/// <param name="Why">In words.</param>
internal sealed record FirstLook(double Mean, Interval Interval, int Cases, bool GoOn, string Why)
{
    /// <param name="model">What was asked so far: two cases at least.</param>
    /// <param name="known">Known models; those that have not answered the whole suite are left out.</param>
    /// <param name="clusters">The cluster of each case.</param>
    /// <param name="gap">How far below the best a cheaper model may stay, 0 to 1.</param>
    public static FirstLook Of(KnownModel model, IReadOnlyList<KnownModel> known, IReadOnlyList<string> clusters, double gap)
    {
        // The others were asked the same sample, which is drawn alike for every model: with them the cases that were asked would look
        // harder, or easier, than those that were not, and the rest would be misjudged by as much.
        var whole = known.Where(static one => one.IsWhole).ToList();
        var (mean, interval, cases) = Estimate(model.Scores, PredictionPoweredMean.KnownMeans([.. whole.Select(static one => one.Scores)]), clusters);
        var found = string.Create(CultureInfo.InvariantCulture, $"{100 * mean:0.0} ({100 * interval.Low:0.0} to {100 * interval.High:0.0}) after {cases} cases");
        if (whole.MaxBy(static one => one.Mean) is not { } best)
        {
            return new(mean, interval, cases, true, $"{found}; nobody is known who has answered the whole suite");
        }

        var against = string.Create(CultureInfo.InvariantCulture, $"{best.Name} has {100 * best.Mean:0.0}");
        if (interval.High >= best.Mean)
        {
            return new(mean, interval, cases, true, $"{found}; it may be the best: {against}");
        }

        var better = whole.Where(one => one.Mean > interval.High).ToList();
        return model.CostUsd is { } cost && interval.High >= best.Mean - gap && better.TrueForAll(one => one.CostUsd > cost)
            ? new(mean, interval, cases, true, $"{found}; {against}, and it is cheaper than all that are better")
            : new(mean, interval, cases, false, $"{found}; it is not asked the rest: {against}");
    }

    private static (double Mean, Interval Interval, int Cases) Estimate(double[] scores, double[] predicted, IReadOnlyList<string> clusters)
    {
        // A case that nobody has answered is taken for a usual one. A prediction may be anything, as long as it does not know the answer.
        var usual = predicted.Where(static one => !double.IsNaN(one)).DefaultIfEmpty(0).Average();
        double[] predictable = [.. scores.Select((_, i) => i < predicted.Length && !double.IsNaN(predicted[i]) ? predicted[i] : usual)];
        var asked = Enumerable.Range(0, scores.Length).Where(i => !double.IsNaN(scores[i])).ToArray();
        var powered = PredictionPoweredMean.OfNewModel(scores, predictable);
        var (mean, lambda) = (Math.Clamp(powered.Estimate.Mean, 0, 1), powered.Lambda);
        var own = Clusters.Of<string>([.. asked.Select(i => clusters[i])]);
        var estimate = powered.Estimate;
        if (own.Count < asked.Length || clusters.Distinct(StringComparer.Ordinal).Count() < clusters.Count)
        {
            // The same two terms of the variance, by clusters.
            int[] rest = [.. Enumerable.Range(0, scores.Length).Where(i => double.IsNaN(scores[i]))];
            var residual = ClusteredMean.Of([.. asked.Select(i => scores[i] - (lambda * predictable[i]))], own);
            var prediction = rest.Length == 0 ? 0 : lambda * ClusteredMean.Of([.. rest.Select(i => predictable[i])], Clusters.Of<string>([.. rest.Select(i => clusters[i])])).StandardError;
            estimate = new(mean, Math.Sqrt((residual.StandardError * residual.StandardError) + (prediction * prediction)), residual.Degrees);
        }

        // A few equal scores are no certainty.
        var interval = estimate.StandardError > 0 ? estimate.Interval().Within(0, 1) : WilsonInterval.Of(mean * own.Count, own.Count);
        return (mean, interval, asked.Length);
    }
}
