using Sommelier.RouterBenchmark.Outcomes;
using Sommelier.Routing.Prediction;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>What contestants may learn from. What several of them learn alike is learnt once.</summary>
internal sealed class TrainSide
{
    private readonly Lazy<ExpectedCosts> costs;
    private readonly Lazy<TextTrust> trust;
    private readonly Lazy<SuccessPredictor> predictor;
    private readonly Lazy<UnseenScores[]> unseen;
    private readonly Lazy<DisplacementMargins> margins;
    private readonly Lazy<ModelShares> shares;
    private readonly Lazy<double[]> means;
    private readonly Lazy<TrainSide> withoutTasks;
    private readonly Lazy<LabelledPrompt[]> labelled;

    public TrainSide(OutcomeSet set, IReadOnlyList<OutcomeRow> rows, long seed, bool knowsTasks = true)
    {
        (Set, Rows, Seed, KnowsTasks) = (set, rows, seed, knowsTasks);
        costs = new(() => new(this));
        means = new(() => [.. Enumerable.Range(0, set.Models.Count).Select(k => rows.Average(r => r.Scores[k]))]);
        labelled = new(() => [.. rows.Select(r => knowsTasks ? r.Labelled : r.Labelled with { Task = [] })]);
        trust = new(() => SuccessTrainer.ChooseTrust(Labelled, set.Models));
        predictor = new(() => SuccessTrainer.Train(Labelled, set.Models, trust.Value));
        unseen = new(() => SuccessTrainer.PredictUnseen(Labelled, set.Models, trust.Value));
        margins = new(() => DisplacementMargins.Choose(Labelled, unseen.Value));
        shares = new(() => ModelShares.Choose(Labelled, unseen.Value, BestSingle));
        withoutTasks = new(() => new(set, rows, seed, knowsTasks: false));
    }

    public OutcomeSet Set { get; }

    public IReadOnlyList<OutcomeRow> Rows { get; }

    public long Seed { get; }

    /// <summary>Whether the file's tasks may be used; in serving nobody knows them.</summary>
    public bool KnowsTasks { get; }

    /// <summary>The same with the tasks hidden.</summary>
    public TrainSide WithoutTasks => withoutTasks.Value;

    /// <summary>The rows as a predictor learns them.</summary>
    public IReadOnlyList<LabelledPrompt> Labelled => labelled.Value;

    /// <summary>Each model's mean score.</summary>
    public double[] MeanScores => means.Value;

    /// <summary>The model with the best mean score.</summary>
    public int BestSingle => Array.IndexOf(MeanScores, MeanScores.Max());

    /// <summary>What a question is expected to cost with each model.</summary>
    public ExpectedCosts Costs => costs.Value;

    /// <summary>The success predictor of the text, and of the task where it may be known.</summary>
    public SuccessPredictor Predictor => predictor.Value;

    /// <summary>How much of the text it was found to be worth believing.</summary>
    public TextTrust Trust => trust.Value;

    /// <summary>What predictors that did not see a row say of it, row by row.</summary>
    public IReadOnlyList<UnseenScores> Unseen => unseen.Value;

    /// <summary>How much better a model must look to take the place of the usual one.</summary>
    public DisplacementMargins Margins => margins.Value;

    /// <summary>How far the text is believed of each model where it is held against the best single one.</summary>
    public ModelShares Shares => shares.Value;

    /// <summary>A sample of the rows, the same for the same seed.</summary>
    public TrainSide Sample(int labels) =>
        labels >= Rows.Count ? this
        : new(Set, [.. Rows.OrderBy(r => Folds.SampleOrder(r, Seed)).ThenBy(r => r.Id, StringComparer.Ordinal).Take(labels)], Seed, KnowsTasks);
}
