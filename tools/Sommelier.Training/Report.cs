using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>Prints a judged set, and keeps what was printed for the metrics file.</summary>
internal sealed class Report
{
    public static readonly string[] Languages = ["en", "ko", "ja", "zh"];

    public SortedDictionary<string, object> Facts { get; } = new(StringComparer.Ordinal);

    public void Show(string name, IReadOnlyList<Scored> scored, Temperatures temperatures)
    {
        var all = Metrics.Of(scored, temperatures);
        Print(name, all);
        var perLanguage = new SortedDictionary<string, Metrics>(StringComparer.Ordinal);
        foreach (var language in Languages)
        {
            var metrics = Metrics.Of([.. scored.Where(item => item.Row.Language == language)], temperatures);
            perLanguage[language] = metrics;
            Print("  " + language, metrics);
        }

        var others = Metrics.Of([.. scored.Where(item => !Languages.Contains(item.Row.Language))], temperatures);
        if (others.Rows > 0)
        {
            perLanguage["other"] = others;
            Print("  other languages", others);
        }

        Facts[name] = new { all, perLanguage };
    }

    /// <summary>How far probabilities are what they say, by the temperatures that ship and by those before.</summary>
    public void ShowCalibration(string name, IReadOnlyList<Scored> scored, Temperatures temperatures, IReadOnlyList<Scored> before, Temperatures beforeTemperatures)
    {
        var facts = new
        {
            ece = Math.Round(Metrics.CalibrationError(scored, temperatures), 4),
            tooSure = Math.Round(Metrics.TooSure(scored, temperatures), 4),
            eceBefore = Math.Round(Metrics.CalibrationError(before, beforeTemperatures), 4),
            tooSureBefore = Math.Round(Metrics.TooSure(before, beforeTemperatures), 4),
        };
        Console.WriteLine($"  calibration, {name}: {facts}");
        Facts["calibration" + name] = facts;
    }

    /// <summary>The own prompts that are set aside, as served, in every further way that tells what is lacking.</summary>
    public void ShowAside(IReadOnlyList<Scored> scored, Temperatures temperatures)
    {
        Show("asideWithTurnsBefore", [.. scored.Where(item => item.Row.Before.Count > 0)], temperatures);
        Show("asideSingleTurn", [.. scored.Where(item => item.Row.Before.Count == 0)], temperatures);
        ShowSources("aside", scored, temperatures);
        ShowAbstention("aside", scored, temperatures);
        ShowConfusion("aside", scored);
    }

    public void ShowSources(string name, IReadOnlyList<Scored> scored, Temperatures temperatures)
    {
        Console.WriteLine($"\n{name}, by source:");
        var perSource = new SortedDictionary<string, Metrics>(StringComparer.Ordinal);
        foreach (var source in scored.GroupBy(item => item.Row.Source, StringComparer.Ordinal).OrderByDescending(source => source.Count()))
        {
            perSource[source.Key] = Metrics.Of([.. source], temperatures);
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

    public void ShowAbstention(string name, IReadOnlyList<Scored> scored, Temperatures temperatures)
    {
        var curve = Metrics.Abstention(scored, temperatures);
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
        Console.WriteLine($"\nreaders among themselves: {readers}");
        var train = WithSources("rows that train", annotations, [.. rows.Where(row => row.MayTrain)]);
        var judge = WithSources("rows that only judge", annotations, [.. rows.Where(row => !row.MayTrain)]);
        Facts["agreement"] = new { readers, train, judge };
    }

    private static object WithSources(string name, Annotations annotations, List<Row> rows)
    {
        var all = Agreement.WithSource(annotations, rows);
        var sources = Agreement.WithSources(annotations, rows);
        Console.WriteLine($"the first reader and the source, {name}: {all}");
        foreach (var (source, facts) in sources)
        {
            Console.WriteLine($"  {source,-32}{facts}");
        }

        return new { all, sources };
    }

    private static void Print(string name, Metrics metrics) => Console.WriteLine(
        $"{name,-34} rows {metrics.Rows,5}  accuracy {metrics.Accuracy:0.000}  macro-F1 {metrics.MacroF1:0.000}  groups {metrics.GroupAccuracy:0.000}  ECE {metrics.Ece:0.000}");
}
