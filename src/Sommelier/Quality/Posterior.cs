using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Quality;

/// <summary>What own evidence makes of what was believed: the hierarchical Beta of docs/quality.md. Pure.</summary>
internal static class Posterior
{
    /// <summary>
    /// The mean of a cell before its own evidence: the prior's, moved by what the model's other intents say, which is shrunk by the prior's mass.
    /// mu = p + sum over u of e_u (s_u / w_u - p_u) / (M + sum over u of e_u).
    /// </summary>
    /// <param name="prior">The prior's mean p, 0 to 1.</param>
    /// <param name="priorMass">Its mass M, in answers.</param>
    /// <param name="othersMass">What the evidence at other intents is worth here: the sum of e_u, see <see cref="Elsewhere"/>.</param>
    /// <param name="othersSurplus">How much better it is than their priors say: the sum of e_u (s_u / w_u - p_u).</param>
    public static double Center(double prior, double priorMass, double othersMass, double othersSurplus) =>
        othersMass > 0 ? Math.Clamp(prior + (othersSurplus / (priorMass + othersMass)), 0.001, 0.999) : prior;

    /// <summary>
    /// What evidence of one intent is worth at another: e = kappa w / (kappa + w), kappa at most. Intents of one model differ among themselves
    /// as draws from Beta(kappa mu, kappa (1 - mu)) do, so any amount of one tells no more of mu than kappa answers would.
    /// </summary>
    public static double Elsewhere(double mass, double kappa) => kappa * mass / (kappa + mass);

    /// <summary>
    /// alpha = k mu + s and beta = k (1 - mu) + w - s. Each own answer takes the place of one of the prior's until kappa of them are
    /// left: k = max(M - w, min(kappa, M)), so that evidence which agrees with the prior never makes the belief weaker. Of a model that
    /// was changed, k = min(kappa, M): others measured what it was before. Over the greatest mass both are scaled down.
    /// </summary>
    /// <param name="center">The mean mu before own evidence.</param>
    /// <param name="priorMass">The prior's mass M, in answers.</param>
    /// <param name="mass">The weight w of the own evidence.</param>
    /// <param name="score">Its weighted sum of scores s.</param>
    /// <param name="changed">Whether the provider changed the model.</param>
    /// <param name="kappa">How much of the prior stays.</param>
    /// <param name="maxMass">The greatest mass of the result.</param>
    public static (double Alpha, double Beta) Cell(double center, double priorMass, double mass, double score, bool changed, double kappa, double maxMass)
    {
        var least = Math.Min(kappa, priorMass);
        var kept = changed ? least : Math.Max(priorMass - mass, least);
        var alpha = (kept * center) + score;
        var beta = (kept * (1 - center)) + mass - score;
        var scale = Math.Min(1, maxMass / (alpha + beta));
        return (alpha * scale, beta * scale);
    }

    /// <summary>A model's row: every intent, since evidence of one says something of the others.</summary>
    /// <param name="version">The version's name, which begins each text of evidence.</param>
    /// <param name="prior">The row without own evidence.</param>
    /// <param name="cells">The evidence of the model.</param>
    /// <param name="kappa">How much of the prior stays.</param>
    /// <param name="maxMass">The greatest mass of a cell.</param>
    public static QualityEstimate[] Row(string version, ReadOnlySpan<QualityEstimate> prior, IReadOnlyList<EvidenceCell> cells, double kappa, double maxMass)
    {
        var worth = new double[prior.Length];
        var surplus = new double[prior.Length];
        long answers = 0;
        foreach (var cell in cells)
        {
            var intent = (int)cell.Intent;
            worth[intent] = Elsewhere(cell.Mass, kappa);
            surplus[intent] = worth[intent] * ((cell.Score / cell.Mass) - prior[intent].Mean);
            answers += cell.Answers;
        }

        double allWorth = worth.Sum(), allSurplus = surplus.Sum();
        var row = new QualityEstimate[prior.Length];
        for (var i = 0; i < row.Length; i++)
        {
            var before = prior[i];
            var own = cells.FirstOrDefault(cell => cell.Intent == (Intent)i);
            var center = Center(before.Mean, before.Mass, allWorth - worth[i], allSurplus - surplus[i]);
            var (alpha, beta) = Cell(center, before.Mass, own?.Mass ?? 0, own?.Score ?? 0, cells[0].Changed, kappa, maxMass);
            var evidence = own is null
                ? $"{version}: other intents n={answers}; before: {before.Evidence}"
                : $"{version}: {EvidenceSource.Text(own.Sources)}; before: {before.Evidence}";
            row[i] = QualityEstimate.FromBeta(alpha / (alpha + beta), alpha + beta, evidence, before.Inherited && own is null);
        }

        return row;
    }
}
