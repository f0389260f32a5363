using System.Runtime.InteropServices;

namespace Sommelier.Statistics.Ranking;

/// <summary>Strengths of models from games between them.</summary>
/// <param name="Strengths">beta of each model in natural log odds; their sum is zero.</param>
/// <param name="StyleEffects">How much one standard deviation of each style feature moves the log odds; empty without style control.</param>
internal sealed record BradleyTerryFit(double[] Strengths, double[] StyleEffects)
{
    /// <summary>The chance that one model wins against another, of answers in the same style.</summary>
    public double WinProbability(int model, int other) => 1 / (1 + Math.Exp(Strengths[other] - Strengths[model]));

    /// <summary>Elo's scale, on which 400 points are odds of ten to one: 1000 for the anchor, + 400 beta / ln 10 for the others.</summary>
    public double Rating(int model, int anchor) => BradleyTerry.ToRating(Strengths[model] - Strengths[anchor]);
}

/// <summary>Fits P(i beats j) = sigma(beta_i - beta_j + style) to games, ties counting half for each side.</summary>
/// <remarks>
/// Bradley and Terry, Biometrika 39, 1952, as Chatbot Arena uses it (Chiang et al., arXiv 2403.04132); by Newton's method. A
/// small ridge keeps models that won or lost every game at a finite strength, and the strengths' sum at zero.
/// </remarks>
internal sealed class BradleyTerry
{
    private const int MostSteps = 100;

    private readonly int models;
    private readonly List<Row> rows = [];
    private readonly StyleDifferences? style;
    private readonly double ridge;
    private readonly double styleRidge;

    /// <param name="games">All games.</param>
    /// <param name="models">How many models there are.</param>
    /// <param name="style">Of the same games, for style control; null without.</param>
    /// <param name="ridge">Penalty ridge/2 * beta^2 for each model, above 0: 0.01 unless said otherwise, a prior as weak as N(0, 10^2).</param>
    /// <param name="styleRidge">Likewise for each style feature, 0.5 unless said otherwise.</param>
    public BradleyTerry(ReadOnlySpan<Game> games, int models, StyleDifferences? style = null, double ridge = 0.01, double styleRidge = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(models, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ridge);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(styleRidge);
        if (style is not null)
        {
            Intervals.Moments.ThrowIfUneven(games.Length, style.Games, nameof(style));
        }

        (this.models, this.style, this.ridge, this.styleRidge) = (models, style, ridge, styleRidge);
        RowOfGame = new int[games.Length];
        var known = new Dictionary<Game, int>();
        for (var i = 0; i < games.Length; i++)
        {
            var game = games[i];
            if (Fault(game, models) is { } fault)
            {
                throw new ArgumentException(fault, nameof(games));
            }

            if (style is not null)
            {
                RowOfGame[i] = i;
                rows.Add(new(game, i));
                continue;
            }

            // The same pair with the same outcome is one row, however often it was played.
            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(known, game, out var exists);
            if (!exists)
            {
                row = rows.Count;
                rows.Add(new(game, -1));
            }

            RowOfGame[i] = row;
        }
    }

    /// <summary>How many rows the games make; each game's row is in <see cref="RowOfGame"/>.</summary>
    public int Rows => rows.Count;

    /// <summary>The row of each game: what a resample counts.</summary>
    public int[] RowOfGame { get; }

    /// <summary>The strengths that explain the games best.</summary>
    public BradleyTerryFit Fit()
    {
        var counts = new double[rows.Count];
        foreach (var row in RowOfGame)
        {
            counts[row]++;
        }

        return Split(Fit(counts, new double[models + (style?.Features ?? 0)]));
    }

    /// <summary>The same for other counts of the rows, from a start near the solution. The start becomes the solution.</summary>
    internal double[] Fit(ReadOnlySpan<double> counts, double[] parameters)
    {
        var size = parameters.Length;
        var (gradient, hessian, trial) = (new double[size], new double[size * size], new double[size]);
        var value = Objective(counts, parameters, gradient, hessian);
        for (var step = 0; step < MostSteps; step++)
        {
            Cholesky.Solve(hessian, gradient, size);
            var (share, better, largest) = (1.0, false, 0.0);
            while (!better && share > 1e-10)
            {
                largest = 0;
                for (var i = 0; i < size; i++)
                {
                    trial[i] = parameters[i] + (share * gradient[i]);
                    largest = Math.Max(largest, Math.Abs(share * gradient[i]));
                }

                // The objective is concave: a step that makes it worse was too long.
                better = Objective(counts, trial, [], []) >= value - (1e-12 * Math.Abs(value));
                share /= 2;
            }

            trial.CopyTo(parameters, 0);
            if (largest < 1e-10)
            {
                break;
            }

            value = Objective(counts, parameters, gradient, hessian);
        }

        return parameters;
    }

    internal BradleyTerryFit Split(double[] parameters) => new(parameters[..models], parameters[models..]);

    internal static double ToRating(double strength) => 1000 + (400 * strength / Math.Log(10));

    /// <summary>The penalised log likelihood, and where there is room its gradient and negated second derivatives.</summary>
    private double Objective(ReadOnlySpan<double> counts, double[] parameters, double[] gradient, double[] hessian)
    {
        var size = parameters.Length;
        gradient.AsSpan().Clear();
        hessian.AsSpan().Clear();
        double value = 0;
        for (var i = 0; i < parameters.Length; i++)
        {
            var penalty = i < models ? ridge : styleRidge;
            value -= penalty / 2 * parameters[i] * parameters[i];
            if (gradient.Length > 0)
            {
                gradient[i] = -penalty * parameters[i];
                hessian[(i * size) + i] = penalty;
            }
        }

        for (var r = 0; r < counts.Length; r++)
        {
            if (counts[r] == 0)
            {
                continue;
            }

            var (game, at) = rows[r];
            var features = at >= 0 ? style![at] : [];
            var odds = parameters[game.First] - parameters[game.Second];
            for (var k = 0; k < features.Length; k++)
            {
                odds += parameters[models + k] * features[k];
            }

            var weight = counts[r] * game.Weight;

            // y ln p + (1 - y) ln(1 - p), written so that no exponential overflows.
            value += weight * ((game.Outcome * odds) - Math.Max(0, odds) - Math.Log(1 + Math.Exp(-Math.Abs(odds))));
            if (gradient.Length > 0)
            {
                var p = 1 / (1 + Math.Exp(-odds));
                Accumulate(game, features, weight * (game.Outcome - p), weight * p * (1 - p), gradient, hessian);
            }
        }

        return value;
    }

    private void Accumulate(Game game, ReadOnlySpan<double> features, double slope, double curvature, double[] gradient, double[] hessian)
    {
        var size = gradient.Length;
        var (i, j) = (game.First, game.Second);
        gradient[i] += slope;
        gradient[j] -= slope;
        hessian[(i * size) + i] += curvature;
        hessian[(j * size) + j] += curvature;
        hessian[(Math.Max(i, j) * size) + Math.Min(i, j)] -= curvature;
        for (var k = 0; k < features.Length; k++)
        {
            var row = (models + k) * size;
            gradient[models + k] += slope * features[k];
            hessian[row + i] += curvature * features[k];
            hessian[row + j] -= curvature * features[k];
            for (var l = 0; l <= k; l++)
            {
                hessian[row + models + l] += curvature * features[k] * features[l];
            }
        }
    }

    private static string? Fault(Game game, int models) =>
        (uint)game.First >= (uint)models || (uint)game.Second >= (uint)models || game.First == game.Second
            ? $"A game of models {game.First} and {game.Second} needs two different ones between 0 and {models - 1}."
        : game.Outcome is not (>= 0 and <= 1) || !(game.Weight > 0)
            ? $"A game has outcome {game.Outcome} and weight {game.Weight}; the first lies in [0, 1], the second above 0."
        : null;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Row(Game Game, int StyleOf);
}
