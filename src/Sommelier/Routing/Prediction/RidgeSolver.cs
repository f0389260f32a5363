using System.Numerics;

namespace Sommelier.Routing.Prediction;

/// <summary>Least squares with a penalty on the weights' squares, for many targets over the same rows.</summary>
/// <remarks>
/// Conjugate gradients on (X'X + penalty I) w = X'y, every target with its own step lengths, until the residual has
/// fallen three hundredfold or after <see cref="MaxSteps"/> steps; nothing is drawn, so the same rows give the same weights.
/// A target without a value (NaN) in a row leaves that row out of its own sum.
/// </remarks>
internal static class RidgeSolver
{
    private const int MaxSteps = 40;
    private const double Enough = 1e-5;

    /// <summary>Solves for the weights, starting from those given: [column * targets + target].</summary>
    /// <param name="rows">X.</param>
    /// <param name="targets">y: [row * count + target].</param>
    /// <param name="count">How many targets there are.</param>
    /// <param name="penalty">What a square of a weight costs beside a square of an error; above 0.</param>
    /// <param name="weights">The start, zeroes or an earlier solution; receives the solution.</param>
    public static void Solve(SparseRows rows, float[] targets, int count, double penalty, float[] weights)
    {
        var residual = new float[weights.Length];
        var product = new float[weights.Length];
        Multiply(rows, targets, count, penalty, weights, product);
        Gradient(rows, targets, count, residual);
        var first = SquaresByTarget(residual, count);
        for (var i = 0; i < residual.Length; i++)
        {
            residual[i] -= product[i];
        }

        var direction = (float[])residual.Clone();
        var squares = SquaresByTarget(residual, count);
        var step = new float[count];
        for (var i = 0; i < MaxSteps && Unfinished(squares, first); i++)
        {
            Multiply(rows, targets, count, penalty, direction, product);
            var curvature = DotByTarget(direction, product, count);
            for (var k = 0; k < count; k++)
            {
                step[k] = squares[k] > Enough * first[k] && curvature[k] > 0 ? (float)(squares[k] / curvature[k]) : 0;
            }

            for (var at = 0; at < weights.Length; at += count)
            {
                for (var k = 0; k < count; k++)
                {
                    weights[at + k] += step[k] * direction[at + k];
                    residual[at + k] -= step[k] * product[at + k];
                }
            }

            var next = SquaresByTarget(residual, count);
            for (var k = 0; k < count; k++)
            {
                step[k] = squares[k] > 0 ? (float)(next[k] / squares[k]) : 0;
            }

            for (var at = 0; at < weights.Length; at += count)
            {
                for (var k = 0; k < count; k++)
                {
                    direction[at + k] = residual[at + k] + (step[k] * direction[at + k]);
                }
            }

            squares = next;
        }
    }

    /// <summary>What the weights say of a row, one value per target, added to those given.</summary>
    public static void Apply(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<float> to)
    {
        for (var j = 0; j < columns.Length; j++)
        {
            AddScaled(weights.Slice(columns[j] * to.Length, to.Length), values[j], to);
        }
    }

    private static bool Unfinished(double[] squares, double[] first)
    {
        for (var k = 0; k < squares.Length; k++)
        {
            if (squares[k] > Enough * first[k])
            {
                return true;
            }
        }

        return false;
    }

    // (X'X + penalty I) v
    private static void Multiply(SparseRows rows, float[] targets, int count, double penalty, float[] vector, float[] product)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            product[i] = (float)penalty * vector[i];
        }

        var seen = new float[count];
        for (var i = 0; i < rows.Count; i++)
        {
            Array.Clear(seen);
            Apply(rows.ColumnsOf(i), rows.ValuesOf(i), vector, seen);
            for (var k = 0; k < count; k++)
            {
                seen[k] = float.IsNaN(targets[(i * count) + k]) ? 0 : seen[k];
            }

            AddBack(rows, i, seen, product);
        }
    }

    // X'y
    private static void Gradient(SparseRows rows, float[] targets, int count, float[] to)
    {
        var known = new float[count];
        for (var i = 0; i < rows.Count; i++)
        {
            for (var k = 0; k < count; k++)
            {
                known[k] = float.IsNaN(targets[(i * count) + k]) ? 0 : targets[(i * count) + k];
            }

            AddBack(rows, i, known, to);
        }
    }

    private static void AddBack(SparseRows rows, int row, float[] errors, float[] to)
    {
        var columns = rows.ColumnsOf(row);
        var values = rows.ValuesOf(row);
        for (var j = 0; j < columns.Length; j++)
        {
            AddScaled(errors, values[j], to.AsSpan(columns[j] * errors.Length, errors.Length));
        }
    }

    // Lane by lane, multiply then add: the width of a machine's vectors does not show in the sums.
    private static void AddScaled(ReadOnlySpan<float> from, float factor, Span<float> to)
    {
        var k = 0;
        for (; k <= to.Length - Vector<float>.Count; k += Vector<float>.Count)
        {
            (new Vector<float>(to[k..]) + (new Vector<float>(from[k..]) * factor)).CopyTo(to[k..]);
        }

        for (; k < to.Length; k++)
        {
            to[k] += from[k] * factor;
        }
    }

    private static double[] SquaresByTarget(float[] vector, int count) => DotByTarget(vector, vector, count);

    private static double[] DotByTarget(float[] left, float[] right, int count)
    {
        var sums = new double[count];
        for (var at = 0; at < left.Length; at += count)
        {
            for (var k = 0; k < count; k++)
            {
                sums[k] += (double)left[at + k] * right[at + k];
            }
        }

        return sums;
    }
}
