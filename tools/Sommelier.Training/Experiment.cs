using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>One way of reading and training, judged three ways: a random split, sources left out, and sources never used.</summary>
internal sealed class Experiment(Settings settings, IReadOnlyList<Row> rows, IReadOnlyList<Row> own, int bucketCount)
{
    private readonly List<Row> _train = [.. rows.Where(row => row.MayTrain)];

    public LinearModel TrainAll() => Train([.. _train, .. own]);

    /// <summary>A fifth of the groups is held out; their sources are seen. Flatters.</summary>
    public List<Scored> RandomSplit() => Scored.All(
        Train([.. _train.Where(row => !Splits.IsRandomTest(row)), .. own]),
        _train.Where(Splits.IsRandomTest));

    /// <summary>Each fold of source families is judged by a model that never saw them.</summary>
    public List<Scored> Rotation()
    {
        var folds = Splits.SourceFolds(_train);
        var scored = new List<Scored>();
        for (var fold = 0; fold < Splits.Folds; fold++)
        {
            var model = Train([.. _train.Where(row => folds[row.Source] != fold), .. own]);
            scored.AddRange(Scored.All(model, _train.Where(row => folds[row.Source] == fold)));
        }

        return scored;
    }

    /// <summary>The rows whose licence forbids training: whole sources that no shipped weight has seen.</summary>
    public List<Scored> NeverTrained() => Scored.All(TrainAll(), rows.Where(row => !row.MayTrain));

    /// <summary>The own prompts of each main language, and of all others together, judged by a model that saw none of them.</summary>
    public List<Scored> OwnLanguagesLeftOut()
    {
        var scored = new List<Scored>();
        foreach (var part in own.GroupBy(row => Report.Languages.Contains(row.Language) ? row.Language : "other", StringComparer.Ordinal))
        {
            var left = part.ToHashSet();
            scored.AddRange(Scored.All(Train([.. _train, .. own.Where(row => !left.Contains(row))]), part));
        }

        return scored;
    }

    private LinearModel Train(IReadOnlyList<Row> part) => new Trainer(settings).Train(part, bucketCount, DenseFeatures.Count);
}
