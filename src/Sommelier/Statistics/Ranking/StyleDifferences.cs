using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Ranking;

/// <summary>
/// How the style of two answers differs, game by game (length, headers, lists, bold), so that a ranking can tell what is said
/// from how it is dressed.
/// </summary>
/// <remarks>
/// (x_a - x_b) / (x_a + x_b + 1), then less its mean and divided by its standard deviation over all games: "Does style matter?",
/// LMSYS, 2024, and FastChat's rating_systems.py.
/// </remarks>
internal sealed class StyleDifferences
{
    private readonly double[] rows;

    private StyleDifferences(double[] rows, int features) => (this.rows, Features) = (rows, features);

    public int Features { get; }

    /// <summary>The features of one game.</summary>
    public ReadOnlySpan<double> this[int game] => rows.AsSpan(game * Features, Features);

    public int Games => Features > 0 ? rows.Length / Features : 0;

    /// <param name="first">Per feature its count in the first answer of each game; counts are zero or above.</param>
    /// <param name="second">The same of the second answers.</param>
    public static StyleDifferences Of(double[][] first, double[][] second)
    {
        Moments.ThrowIfUneven(first.Length, second.Length);
        var games = first.Length > 0 ? first[0].Length : 0;
        var rows = new double[games * first.Length];
        var column = new double[games];
        for (var feature = 0; feature < first.Length; feature++)
        {
            Moments.ThrowIfUneven(games, first[feature].Length, nameof(first));
            Moments.ThrowIfUneven(games, second[feature].Length, nameof(second));
            for (var game = 0; game < games; game++)
            {
                var (a, b) = (first[feature][game], second[feature][game]);
                column[game] = (a - b) / (a + b + 1);
            }

            // A feature that never differs explains nothing; its column stays zero.
            var mean = Moments.Mean(column);
            var deviation = Math.Sqrt(Moments.Variance(column, mean) * (games - 1) / games);
            for (var game = 0; game < games; game++)
            {
                rows[(game * first.Length) + feature] = deviation > 0 ? (column[game] - mean) / deviation : 0;
            }
        }

        return new(rows, first.Length);
    }
}
