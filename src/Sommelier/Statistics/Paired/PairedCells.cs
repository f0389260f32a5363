using System.Runtime.InteropServices;

namespace Sommelier.Statistics.Paired;

/// <summary>Right and wrong answers of two models on the same independent items.</summary>
/// <param name="Both">Items that both got right.</param>
/// <param name="OnlyA">Items that A alone got right.</param>
/// <param name="OnlyB">Items that B alone got right.</param>
/// <param name="Neither">Items that both got wrong.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PairedCells(int Both, int OnlyA, int OnlyB, int Neither)
{
    public int Count => Both + OnlyA + OnlyB + Neither;

    /// <summary>Items on which they differ: all that a comparison learns from.</summary>
    public int Discordant => OnlyA + OnlyB;

    /// <summary>Share right of A less share right of B.</summary>
    public double Difference => Count > 0 ? (double)(OnlyA - OnlyB) / Count : double.NaN;

    /// <summary>
    /// Standard error of the difference: sqrt(b + c - (c - b)^2 / n) / n for the two discordant counts.
    /// </summary>
    /// <remarks>Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed., section 13.1. Large samples only.</remarks>
    public double StandardError => Math.Sqrt(Discordant - (Math.Pow(OnlyA - OnlyB, 2) / Count)) / Count;

    /// <summary>Counts the cells. Every score must be 0 or 1.</summary>
    public static PairedCells Of(PairedScores scores)
    {
        int both = 0, onlyA = 0, onlyB = 0, neither = 0;
        for (var i = 0; i < scores.Count; i++)
        {
            switch (scores.A[i], scores.B[i])
            {
                case (1, 1):
                    both++;
                    break;
                case (1, 0):
                    onlyA++;
                    break;
                case (0, 1):
                    onlyB++;
                    break;
                case (0, 0):
                    neither++;
                    break;
                default:
                    throw new ArgumentException("Right and wrong are scores of 1 and 0; for others compare the means of the differences.", nameof(scores));
            }
        }

        return new(both, onlyA, onlyB, neither);
    }
}
