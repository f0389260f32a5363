using System.Runtime.InteropServices;

namespace Sommelier.Statistics.Ranking;

/// <summary>One pair of answers with a verdict.</summary>
/// <param name="First">The model of the first answer, from 0.</param>
/// <param name="Second">The model of the second answer.</param>
/// <param name="Outcome">1 where the first won, 0 where the second did, 0.5 for a tie.</param>
/// <param name="Weight">How many games it counts for: 1, or 3 for "much better" as Arena-Hard does.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Game(int First, int Second, double Outcome, double Weight = 1);
