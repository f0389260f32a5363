namespace Sommelier.Routing.Prediction;

/// <summary>How far the text is believed where a model is held against the usual one, model by model.</summary>
/// <remarks>
/// <see cref="TextTrust"/> has one share for all models, yet a text may tell well where one model falls short of the usual one and say
/// little of another. Each model's share is what its difference is best multiplied by on prompts that were not learnt from, taken as
/// normal around one with a spread of a half before anything is seen.
/// </remarks>
internal sealed class ModelShares
{
    private const double UsualShare = 1;
    private const double UsualSpread = 0.5;
    private const double MostShare = 2;

    private readonly int usual;
    private readonly double[] shares;

    private ModelShares(int usual, double[] shares) => (this.usual, this.shares) = (usual, shares);

    /// <summary>The shares that explain most of the differences to the usual model.</summary>
    /// <param name="prompts">What is known.</param>
    /// <param name="unseen">What predictors that did not see them say, prompt by prompt.</param>
    /// <param name="usual">The model that the others are held against.</param>
    public static ModelShares Choose(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<UnseenScores> unseen, int usual) =>
        new(usual, [.. Enumerable.Range(0, prompts.Count == 0 ? 0 : prompts[0].Scores.Length).Select(k => ShareOf(k, prompts, unseen, usual))]);

    /// <summary>Believes the text as far as each model's share; of the usual model nothing changes.</summary>
    /// <param name="scores">Predicted for a prompt; receives what is believed.</param>
    /// <param name="taskMeans">The means at its task.</param>
    public void Apply(Span<double> scores, ReadOnlySpan<double> taskMeans)
    {
        var added = scores[usual] - taskMeans[usual];
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] = taskMeans[k] + added + (shares[k] * (scores[k] - taskMeans[k] - added));
        }
    }

    private static double ShareOf(int model, IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<UnseenScores> unseen, int usual)
    {
        double products = 0, squares = 0, lefts = 0;
        var count = 0;
        for (var i = 0; i < prompts.Count; i++)
        {
            var (scores, said, means) = (prompts[i].Scores, unseen[i].Scores, unseen[i].TaskMeans);
            var left = scores[model] - means[model] - (scores[usual] - means[usual]);
            if (!double.IsNaN(left))
            {
                var added = said[model] - means[model] - (said[usual] - means[usual]);
                products += added * left;
                squares += added * added;
                lefts += left * left;
                count++;
            }
        }

        var prior = count == 0 ? 0 : lefts / count / (UsualSpread * UsualSpread);
        return squares + prior > 0 ? Math.Clamp((products + (prior * UsualShare)) / (squares + prior), 0, MostShare) : UsualShare;
    }
}
