using Sommelier.Canonical;

namespace Sommelier.Catalog;

/// <summary>What is believed about every model at every intent. Immutable.</summary>
/// <remarks>
/// Rows are kept by deployment id, by canonical model or by <c>family:name</c>; the narrowest row wins. Built as the
/// hierarchical Beta of docs/catalog.md.
/// </remarks>
public sealed class QualityTable
{
    /// <summary>What is believed about a model that nothing is known of: even odds, the mass of two answers.</summary>
    public static QualityEstimate Nothing { get; } = QualityEstimate.FromBeta(0.5, 2, "nothing known", inherited: true);

    private static readonly QualityEstimate[] NothingRow = Enumerable.Repeat(Nothing, Intents.Count).ToArray();

    private readonly Dictionary<string, QualityEstimate[]> rows;

    /// <summary>A table of rows, each with one estimate per intent in the order of <see cref="Intent"/>.</summary>
    /// <exception cref="ArgumentException">A row has not exactly one estimate per intent.</exception>
    public QualityTable(string version, IEnumerable<KeyValuePair<string, QualityEstimate[]>> rows)
    {
        Version = version;
        this.rows = new(rows, StringComparer.Ordinal);
        foreach (var (model, row) in this.rows)
        {
            if (row.Length != Intents.Count)
            {
                throw new ArgumentException($"The quality row of '{model}' has {row.Length} estimates; give one for each of the {Intents.Count} intents.", nameof(rows));
            }
        }
    }

    /// <summary>A table that knows nothing.</summary>
    public static QualityTable Empty { get; } = new("empty", []);

    /// <summary>Names the table in decision records: the same version, the same figures.</summary>
    public string Version { get; }

    /// <summary>What stands for a published version where there is none.</summary>
    internal const string Unpublished = "v0";

    /// <summary>The published version of own evidence that is in it, e.g. <c>v7-1a2b3c4d</c>; <see cref="Unpublished"/> for none.</summary>
    internal string Published { get; private init; } = Unpublished;

    /// <summary>The models that have a row, in no order.</summary>
    public IReadOnlyCollection<string> Models => rows.Keys;

    /// <summary>The estimate for a deployment id or canonical model; <see cref="Nothing"/> when there is no row.</summary>
    public QualityEstimate Get(string model, Intent intent) =>
        rows.TryGetValue(model, out var row) ? row[(int)intent] : Nothing;

    /// <summary>The estimate for a deployment: its own row, else its model's, else its family's, else <see cref="Nothing"/>.</summary>
    public QualityEstimate Get(Deployment deployment, Intent intent) => Row(deployment)[(int)intent];

    /// <summary>All estimates for a deployment, in the order of <see cref="Intent"/>.</summary>
    public ReadOnlySpan<QualityEstimate> Row(Deployment deployment) => RowArray(deployment);

    /// <summary>The same table with one estimate replaced, under another version.</summary>
    public QualityTable With(string version, string model, Intent intent, QualityEstimate estimate)
    {
        var copy = new Dictionary<string, QualityEstimate[]>(rows, StringComparer.Ordinal);
        var row = (QualityEstimate[])(copy.TryGetValue(model, out var old) ? old : NothingRow).Clone();
        row[(int)intent] = estimate;
        copy[model] = row;
        return new(version, copy);
    }

    /// <summary>The same table with the rows of a published version over it.</summary>
    internal QualityTable Publish(string name, IReadOnlyDictionary<string, QualityEstimate[]> published)
    {
        var copy = new Dictionary<string, QualityEstimate[]>(rows, StringComparer.Ordinal);
        foreach (var (model, row) in published)
        {
            copy[model] = row;
        }

        return new($"{Version}+{name}", copy) { Published = name };
    }

    internal QualityEstimate[] RowArray(Deployment deployment)
    {
        if (rows.TryGetValue(deployment.Id, out var row) || rows.TryGetValue(deployment.CanonicalModel, out row))
        {
            return row;
        }

        return deployment.Family.Length > 0 && rows.TryGetValue("family:" + deployment.Family, out row) ? row : NothingRow;
    }
}
