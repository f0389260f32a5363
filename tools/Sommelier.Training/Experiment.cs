using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>One way of reading and training, judged on what it never saw: rows, sources, authors, languages.</summary>
internal sealed class Experiment(Settings settings, IReadOnlyList<Row> rows, IReadOnlyList<Row> own, int bucketCount)
{
    private readonly List<Row> _train = [.. rows.Where(row => row.MayTrain)];

    private readonly List<Row> _own = [.. own.Where(row => !row.Aside)];

    private LinearModel? _all;

    /// <summary>The model that ships.</summary>
    public LinearModel TrainAll() => _all ??= Train([.. _train, .. _own]);

    /// <summary>A fifth of the groups is held out; their sources are seen. Flatters.</summary>
    public List<Scored> RandomSplit() => Scored.All(
        Train([.. _train.Where(row => !Splits.IsRandomTest(row)), .. _own]),
        _train.Where(Splits.IsRandomTest));

    /// <summary>Each fold of source families is judged by a model that never saw them.</summary>
    public List<Scored> Rotation()
    {
        var folds = Splits.SourceFolds(_train);
        return LeftOut(_train.GroupBy(row => folds[row.Source]));
    }

    /// <summary>The rows whose licence forbids training: whole sources that no shipped weight has seen.</summary>
    public List<Scored> NeverTrained() => Scored.All(TrainAll(), rows.Where(row => !row.MayTrain));

    /// <summary>The own prompts that are set aside by author, style and topic.</summary>
    public List<Scored> Aside(IEnumerable<Row> aside) => Scored.All(TrainAll(), aside);

    /// <summary>Each fold of own sets, an author each, is judged by a model that never saw them.</summary>
    public List<Scored> OwnAuthorsLeftOut()
    {
        var folds = Splits.SourceFolds(_own);
        return LeftOut(_own.GroupBy(row => folds[row.Source]));
    }

    /// <summary>The own prompts of each main language, and of all others together, judged by a model that saw none of them.</summary>
    public List<Scored> OwnLanguagesLeftOut() =>
        LeftOut(_own.GroupBy(row => Array.IndexOf(Report.Languages, row.Language)));

    // All folds at once: taken in turns, five on two cores would leave one idle at the end.
    private List<Scored> LeftOut(IEnumerable<IGrouping<int, Row>> parts) =>
    [
        .. parts.AsParallel().AsOrdered().WithDegreeOfParallelism(Splits.Folds).SelectMany(part =>
        {
            var left = part.ToHashSet();
            return Scored.All(Train([.. _train.Concat(_own).Where(row => !left.Contains(row))]), part);
        }),
    ];

    private LinearModel Train(IReadOnlyList<Row> part) => new Trainer(settings).Train(
        [.. part, .. part.Select(row => row.Framed).OfType<Row>()], bucketCount, DenseFeatures.Count);
}
