using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Beliefs;

/// <summary>How strongly a model's kinds of task resemble each other, from the data: the mass of the prior around its mean.</summary>
/// <remarks>
/// Method of moments (Morris, JASA 78, 1983): tau^2 = max(0, variance of the cells' means around the model's mean - mean
/// squared error of the cells), mass = mu (1 - mu) / tau^2 - 1, the mass of a Beta distribution with that mean and variance.
/// </remarks>
internal static class EmpiricalBayes
{
    /// <param name="cells">Per kind of task the model's mean score with its standard error; cells without an error are left out.</param>
    /// <param name="mean">The model's mean over all tasks, strictly between 0 and 1.</param>
    /// <param name="least">No mass below this, 2 unless said otherwise.</param>
    /// <param name="most">No mass above this, 200 unless said otherwise: what cells that all agree get.</param>
    public static double Mass(ReadOnlySpan<MeanEstimate> cells, double mean, double least = 2, double most = 200)
    {
        double spread = 0, errors = 0;
        var known = 0;
        foreach (var cell in cells)
        {
            if (!double.IsNaN(cell.StandardError))
            {
                spread += Math.Pow(cell.Mean - mean, 2);
                errors += Math.Pow(cell.StandardError, 2);
                known++;
            }
        }

        if (known < 2)
        {
            return Math.Clamp(BetaBelief.UsualMass, least, most);
        }

        var tau2 = (spread - errors) / known;
        return tau2 > 0 ? Math.Clamp((mean * (1 - mean) / tau2) - 1, least, most) : most;
    }
}
