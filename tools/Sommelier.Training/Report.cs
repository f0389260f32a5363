using Sommelier.Canonical;

namespace Sommelier.Training;

/// <summary>Prints a judged set, and keeps what was printed for the metrics file.</summary>
internal sealed class Report
{
    public static readonly string[] Languages = ["en", "ko", "ja", "zh"];

    public SortedDictionary<string, object> Facts { get; } = new(StringComparer.Ordinal);

    public void Show(string name, IReadOnlyList<Scored> scored, float temperature)
    {
        var all = Metrics.Of(scored, temperature);
        Print(name, all);
        var perLanguage = new SortedDictionary<string, Metrics>(StringComparer.Ordinal);
        foreach (var language in Languages)
        {
            var metrics = Metrics.Of([.. scored.Where(item => item.Row.Language == language)], temperature);
            perLanguage[language] = metrics;
            Print("  " + language, metrics);
        }

        var others = Metrics.Of([.. scored.Where(item => !Languages.Contains(item.Row.Language))], temperature);
        if (others.Rows > 0)
        {
            perLanguage["other"] = others;
            Print("  other languages", others);
        }

        Facts[name] = new { all, perLanguage };
    }

    /// <summary>The own prompts that are set aside, as served, in every way that tells what is lacking.</summary>
    public void ShowAside(IReadOnlyList<Scored> scored, float temperature)
    {
        Show("aside", scored, temperature);
        Show("asideWithTurnsBefore", [.. scored.Where(item => item.Row.Before.Count > 0)], temperature);
        Show("asideSingleTurn", [.. scored.Where(item => item.Row.Before.Count == 0)], temperature);
        ShowSources("aside", scored, temperature);
        ShowAbstention("aside", scored, temperature);
        ShowConfusion("aside", scored);
    }

    public void ShowSources(string name, IReadOnlyList<Scored> scored, float temperature)
    {
        Console.WriteLine($"\n{name}, by source:");
        var perSource = new SortedDictionary<string, Metrics>(StringComparer.Ordinal);
        foreach (var source in scored.GroupBy(item => item.Row.Source, StringComparer.Ordinal).OrderByDescending(source => source.Count()))
        {
            perSource[source.Key] = Metrics.Of([.. source], temperature);
            Print("  " + source.Key, perSource[source.Key]);
        }

        Facts[name + "BySource"] = perSource;
    }

    public void ShowConfusion(string name, IReadOnlyList<Scored> scored)
    {
        var matrix = Metrics.Confusion(scored);
        Console.WriteLine($"\n{name}, confusion (line = label, column = answer, in the order of the lines):");
        for (var i = 0; i < matrix.Length; i++)
        {
            Console.WriteLine($"  {((Intent)i).Name(),-20}{string.Concat(matrix[i].Select(count => $"{count,5}"))}");
        }

        Facts[name + "Confusion"] = new { order = Intents.Names, rowsAreLabels = matrix };
    }

    public void ShowAbstention(string name, IReadOnlyList<Scored> scored, float temperature)
    {
        var curve = Metrics.Abstention(scored, temperature);
        Console.WriteLine($"\n{name}, abstention: threshold, share answered, accuracy of the answers");
        foreach (var (threshold, answered, accuracy) in curve)
        {
            Console.WriteLine($"  {threshold:0.00}  {answered:0.000}  {accuracy:0.000}");
        }

        Facts[name + "Abstention"] = curve.Select(point => new { threshold = Math.Round(point.Threshold, 2), answered = Math.Round(point.Answered, 4), accuracy = Math.Round(point.Accuracy, 4) }).ToList();
    }

    /// <summary>How far the readers agree with one another, and with the labels of each source.</summary>
    public void ShowAgreement(Annotations annotations, IReadOnlyCollection<Row> rows)
    {
        var readers = Agreement.BetweenReaders(annotations);
        var sources = Agreement.WithSources(annotations, rows);
        Console.WriteLine($"\nreaders among themselves: {readers}\nthe first reader and the source:");
        foreach (var (source, facts) in sources)
        {
            Console.WriteLine($"  {source,-32}{facts}");
        }

        Facts["agreement"] = new { readers, sources, corrected = rows.Count(row => row.Label != row.SourceLabel) };
    }

    private static void Print(string name, Metrics metrics) => Console.WriteLine(
        $"{name,-34} rows {metrics.Rows,5}  accuracy {metrics.Accuracy:0.000}  macro-F1 {metrics.MacroF1:0.000}  groups {metrics.GroupAccuracy:0.000}  ECE {metrics.Ece:0.000}");
}
