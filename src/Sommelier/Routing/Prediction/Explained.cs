using System.Runtime.InteropServices;

namespace Sommelier.Routing.Prediction;

/// <summary>How far what a text adds goes along with what the tasks' means left unexplained, on prompts that were not learnt from.</summary>
/// <remarks>
/// Both are taken less their mean over the models of a prompt: an error that all models share misroutes nothing. What the added
/// is best multiplied by is taken as normal around a half with a spread of a half before anything is seen, so that a few hundred
/// labels neither drop a text that would help nor trust one blindly.
/// </remarks>
/// <param name="Product">Sum of (added x left).</param>
/// <param name="Square">Sum of (added x added).</param>
/// <param name="Left">Sum of (left x left).</param>
/// <param name="Count">How many of them are free: a prompt's models less one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Explained(double Product, double Square, double Left, int Count)
{
    private const double UsualShare = 0.5;
    private const double UsualSpread = 0.5;

    /// <summary>What the added is best multiplied by, 0 to 1.</summary>
    public double Share
    {
        get
        {
            var prior = Count > 0 ? Left / Count / (UsualSpread * UsualSpread) : 0;
            return Square > 0 ? Math.Clamp((Product + (prior * UsualShare)) / (Square + prior), 0, 1) : 0;
        }
    }

    /// <summary>What that takes off the square error.</summary>
    public double Gain => (2 * Share * Product) - (Share * Share * Square);

    public static Explained operator +(Explained left, Explained right) => new(left.Product + right.Product, left.Square + right.Square, left.Left + right.Left, left.Count + right.Count);

    /// <summary>The sums over prompts.</summary>
    public static Explained Of(IReadOnlyList<LabelledPrompt> judged, TaskTable tasks, FeatureSpace space, float[] weights)
    {
        var rows = space.Rows(judged);
        double product = 0, square = 0, lefts = 0;
        var count = 0;
        for (var i = 0; i < judged.Count; i++)
        {
            var means = tasks.Find(judged[i].Task).Means;
            var added = new float[means.Length];
            RidgeSolver.Apply(rows.ColumnsOf(i), rows.ValuesOf(i), weights, added);
            var known = 0;
            double addedSum = 0, leftSum = 0, products = 0, squares = 0, leftSquares = 0;
            for (var k = 0; k < means.Length; k++)
            {
                var left = judged[i].Scores[k] - means[k];
                if (!double.IsNaN(left))
                {
                    known++;
                    addedSum += added[k];
                    leftSum += left;
                    products += added[k] * left;
                    squares += added[k] * added[k];
                    leftSquares += left * left;
                }
            }

            product += known == 0 ? 0 : products - (addedSum * leftSum / known);
            square += known == 0 ? 0 : squares - (addedSum * addedSum / known);
            lefts += known == 0 ? 0 : leftSquares - (leftSum * leftSum / known);
            count += Math.Max(0, known - 1);
        }

        return new(product, square, lefts, count);
    }
}
