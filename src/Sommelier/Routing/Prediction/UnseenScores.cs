namespace Sommelier.Routing.Prediction;

/// <summary>What a predictor says of a prompt that it did not learn from: one number per model each.</summary>
/// <param name="Scores">Its prediction.</param>
/// <param name="TaskMeans">The means at the prompt's task.</param>
/// <param name="AllMeans">The means at all tasks.</param>
internal sealed record UnseenScores(double[] Scores, double[] TaskMeans, double[] AllMeans);
