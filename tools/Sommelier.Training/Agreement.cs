using Sommelier.Canonical;

namespace Sommelier.Training;

/// <summary>How far two labels of the same rows are the same: the share, and Cohen's kappa, which takes off what chance would give.</summary>
internal sealed record Agreement(int Rows, double Same, double Kappa, double SameGroup)
{
    public static Agreement Of(IReadOnlyCollection<(Intent First, Intent Second)> pairs)
    {
        if (pairs.Count == 0)
        {
            return new(0, 0, 0, 0);
        }

        double Share(Func<(Intent First, Intent Second), bool> of) => pairs.Count(of) / (double)pairs.Count;
        var same = Share(pair => pair.First == pair.Second);
        var chance = Enumerable.Range(0, Intents.Count).Sum(i => Share(pair => (int)pair.First == i) * Share(pair => (int)pair.Second == i));
        return new(
            pairs.Count,
            Math.Round(same, 4),
            chance >= 1 ? 1 : Math.Round((same - chance) / (1 - chance), 4),
            Math.Round(Share(pair => pair.First.Group() == pair.Second.Group()), 4));
    }

    /// <summary>The rows that two readers read, each without the other's word.</summary>
    public static Agreement BetweenReaders(Annotations annotations) => Of(
    [
        .. annotations.Rows.Values
            .Select(readings => readings.FindAll(reading => reading.Reader != Annotations.Settler))
            .Where(readings => readings.Count > 1)
            .Select(readings => (readings[0].Label, readings[1].Label)),
    ]);

    /// <summary>The first reader's word and the source's for every source that was read.</summary>
    public static SortedDictionary<string, SourceAgreement> WithSources(Annotations annotations, IEnumerable<Row> rows) => new(
        rows.Where(row => annotations.Rows.ContainsKey(row.Number))
            .GroupBy(row => row.Source, StringComparer.Ordinal)
            .ToDictionary(source => source.Key, source => WithSource(annotations, [.. source])),
        StringComparer.Ordinal);

    /// <summary>The first reader's word and the source's, of the rows that were read.</summary>
    public static SourceAgreement WithSource(Annotations annotations, IReadOnlyCollection<Row> rows)
    {
        List<Row> read = [.. rows.Where(row => annotations.Rows.ContainsKey(row.Number))];
        var pairs = read.ConvertAll(row => (row.SourceLabel, annotations.Rows[row.Number][0].Label));
        var corrected = read.Count(row => row.Label != row.SourceLabel);
        return new(Of(pairs), pairs.Count(pair => pair.SourceLabel != pair.Label) - corrected, corrected);
    }
}

/// <summary>How far a reader and a source agree, how many labels of the source were kept though the reader's first was another, and how many were set right.</summary>
internal sealed record SourceAgreement(Agreement With, int Kept, int Corrected);
