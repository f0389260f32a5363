using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Paired;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Statistics.Reports;

/// <summary>How two models were compared, for the report.</summary>
internal enum ComparisonMethod
{
    /// <summary>Fewer than two independent units with both scores: nothing can be said.</summary>
    None,

    /// <summary>Right and wrong: McNemar's test and Tango's interval.</summary>
    Binary,

    /// <summary>Student's t on the differences.</summary>
    PairedT,

    /// <summary>Student's t on the differences, by clusters.</summary>
    ClusteredT,

    /// <summary>Differences that are not large in number: the BCa bootstrap's interval and Student's p value.</summary>
    BcaBootstrap,
}

/// <summary>Two models on the same items, by the method that fits the scores.</summary>
/// <param name="Count">Items with both scores.</param>
/// <param name="Missing">Items without.</param>
/// <param name="Units">Independent units: clusters where there are any, else items.</param>
/// <param name="Difference">A less B with its error; null without a pair.</param>
/// <param name="Interval">Of the difference; null where nothing can be said.</param>
/// <param name="PValue">Two-sided, of "no difference"; null where nothing can be said.</param>
/// <param name="ABetter">P(A better) for independent right and wrong answers, from an even prior; null for other scores.</param>
/// <param name="Correlation">Of both models' scores: what pairing gains. 0 where one does not vary.</param>
/// <param name="Method">How the interval and the p value were made.</param>
internal sealed record PairedComparison(
    int Count, int Missing, int Units, MeanEstimate? Difference, Interval? Interval, double? PValue, double? ABetter, double Correlation, ComparisonMethod Method)
{
    /// <param name="scores">Both models' scores, item by item.</param>
    /// <param name="seed">Of the bootstrap's draws.</param>
    /// <param name="confidence">A share, 0.95 unless said otherwise.</param>
    public static PairedComparison Of(PairedScores scores, ulong seed = 0, double confidence = 0.95)
    {
        if (scores.Units < 2)
        {
            var alone = scores.Count > 0 ? scores.Difference() : null;
            return new(scores.Count, scores.Missing, scores.Units, alone, null, null, null, 0, ComparisonMethod.None);
        }

        var difference = scores.Difference();
        var result = new PairedComparison(
            scores.Count, scores.Missing, scores.Units, difference, difference.Interval(confidence), difference.PValue(), null,
            Moments.Correlation(scores.A, scores.B), ComparisonMethod.PairedT);
        if (scores.Units < scores.Count)
        {
            return result with { Method = ComparisonMethod.ClusteredT };
        }

        if (scores.AreBinary)
        {
            return Binary(result, PairedCells.Of(scores), confidence);
        }

        return scores.Count >= ScoreSummary.LargeFrom ? result : result with
        {
            Interval = BcaBootstrap.Mean(scores.Differences, seed, confidence: confidence),
            Method = ComparisonMethod.BcaBootstrap,
        };
    }

    private static PairedComparison Binary(PairedComparison result, PairedCells cells, double confidence) => result with
    {
        Difference = new(cells.Difference, cells.StandardError, cells.Count - 1),
        Interval = TangoInterval.Of(cells, confidence),
        PValue = McNemar.PValue(cells),
        ABetter = new PairedPosterior(cells).ABetter,
        Method = ComparisonMethod.Binary,
    };
}
