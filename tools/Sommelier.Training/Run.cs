using System.Security.Cryptography;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>Reads, judges, calibrates, trains and writes, in that order.</summary>
internal sealed class Run(Arguments arguments)
{
    /// <summary>The classifier answers where at least this share of its answers is right on sources it never saw.</summary>
    private const double WantedAccuracy = 0.7;

    private static readonly JsonSerializerOptions Json =
        new() { WriteIndented = true, IndentSize = 1, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly Report _report = new();

    private readonly Annotations _annotations = Annotations.ReadShared();

    public void Execute()
    {
        var rows = Row.ReadAll(arguments.DataPath, _annotations);
        var own = OwnCorpus.ReadAll();
        RowReader.ReadAll(rows);
        RowReader.ReadAll(own);
        RowReader.ReadAll(Frames.Set(own));
        Console.WriteLine(
            $"{rows.Count} rows, {rows.Count(row => row.MayTrain)} may train (lic ok or sa); {own.Count(row => !row.Aside)} own prompts train, {own.Count(row => row.Aside)} are set aside\n");

        var experiment = new Experiment(arguments.Settings, rows, own, FeatureHash.BucketCount);
        var rotation = experiment.Rotation();
        var authors = experiment.OwnAuthorsLeftOut();
        var temperature = Metrics.FitTemperature([.. rotation, .. authors]);
        authors = [.. authors.Select(item => item.AsServed(temperature))];
        List<Scored> unseen = [.. rotation, .. authors];
        var threshold = Threshold(unseen, temperature);
        Console.WriteLine($"temperature {temperature:0.000}, abstains below {threshold:0.00} (fitted on unseen sources and authors)\n");
        ShowBothWays("unseenSources", rotation, temperature);
        _report.Show("ownAuthorsLeftOut", authors, temperature);
        ShowBothWays("randomSplit", experiment.RandomSplit(), temperature);
        if (arguments.Evaluate)
        {
            _report.ShowAgreement(_annotations, rows);
            _report.ShowSources("unseenSources", BySource(rotation), temperature);
            _report.ShowSources("unseenSourcesCorrected", rotation, temperature);
            _report.ShowAbstention("unseen", unseen, temperature);
            _report.ShowConfusion("unseenSources", BySource(rotation));
            _report.ShowConfusion("unseenSourcesCorrected", rotation);
            Evaluate(experiment, rows, own, temperature);
        }

        if (arguments.Baselines)
        {
            Baselines(rows, own);
        }

        if (arguments.OutPath is not null)
        {
            Ship(experiment, rows, own, temperature, threshold);
        }
    }

    /// <summary>Judged by the labels that the sources give, and by those that readers corrected.</summary>
    private void ShowBothWays(string name, List<Scored> scored, float temperature)
    {
        _report.Show(name, BySource(scored), temperature);
        _report.Show(name + "Corrected", scored, temperature);
    }

    private static List<Scored> BySource(List<Scored> scored) => [.. scored.Select(item => item.BySource())];

    private static float Threshold(List<Scored> unseen, float temperature)
    {
        var curve = Metrics.Abstention(unseen, temperature);
        var found = curve.FindIndex(point => point.Accuracy >= WantedAccuracy);
        return curve[found < 0 ? curve.Count - 1 : found].Threshold;
    }

    private void Evaluate(Experiment experiment, List<Row> rows, List<Row> own, float temperature)
    {
        var never = experiment.NeverTrained();
        _report.Show("neverTrainedSources", never, temperature);
        _report.Show("neverTrainedAsServed", Served(never, temperature), temperature);
        _report.Show("neverTrainedWithoutOther", [.. never.Where(item => item.Row.Label != Intent.Other)], temperature);
        _report.Show("neverTrainedNatural", [.. never.Where(item => item.Row.Natural)], temperature);
        _report.ShowSources("neverTrained", never, temperature);
        _report.ShowAbstention("neverTrained", never, temperature);
        _report.ShowConfusion("neverTrained", never);
        var aside = Served(experiment.Aside(own.Where(row => row.Aside)), temperature);
        _report.ShowAside(aside, temperature);
        _report.Show("ownLanguageLeftOut", Served(experiment.OwnLanguagesLeftOut(), temperature), temperature);
        EvaluateFormer(rows, own);
    }

    private void EvaluateFormer(List<Row> rows, List<Row> own)
    {
        try
        {
            var former = new IntentClassifier(ClassifierWeights.LoadShared());
            _report.Show("formerWeightsNeverTrained", Scored.Former(former, rows.Where(row => !row.MayTrain)), 1);
            _report.Show("formerWeightsAside", Scored.Former(former, own.Where(row => row.Aside)), 1);
        }
        catch (InvalidDataException problem)
        {
            Console.WriteLine($"\nThe weights that are built in cannot be judged beside the new ones. {problem.Message}");
        }
    }

    /// <summary>What the features, the first own prompts and the later sets gain, apart from one another.</summary>
    private void Baselines(List<Row> rows, List<Row> own)
    {
        Baseline("baseline", new Experiment(PlainFeatures.Settings, PlainFeatures.Of(rows), [], PlainFeatures.BucketCount), PlainFeatures.Of(own));
        Baseline("publicOnly", new Experiment(arguments.Settings, rows, [], FeatureHash.BucketCount), own);
        List<Row> lists = [.. own.Where(row => !row.Source.Contains('/', StringComparison.Ordinal))];
        Baseline("withoutSets", new Experiment(arguments.Settings, rows, lists, FeatureHash.BucketCount), own);
    }

    private void Baseline(string name, Experiment experiment, IEnumerable<Row> own)
    {
        Console.WriteLine();
        var rotation = experiment.Rotation();
        var temperature = Metrics.FitTemperature(rotation);
        ShowBothWays(name + "UnseenSources", rotation, temperature);
        ShowBothWays(name + "RandomSplit", experiment.RandomSplit(), temperature);
        _report.Show(name + "NeverTrained", experiment.NeverTrained(), temperature);
        _report.Show(name + "Aside", Served(experiment.Aside(own.Where(row => row.Aside)), temperature), temperature);
    }

    private static List<Scored> Served(List<Scored> scored, float temperature) => [.. scored.Select(item => item.AsServed(temperature))];

    private void Ship(Experiment experiment, List<Row> rows, List<Row> own, float temperature, float threshold)
    {
        var model = experiment.TrainAll();
        var weights = Quantizer.Quantize(model, temperature, threshold);
        var agreement = Quantizer.Agreement(weights, model, [.. rows, .. own]);
        Console.WriteLine($"\nbytes and floats agree on {agreement:P2} of all rows");
        var path = arguments.OutPath!;
        using (var file = File.Create(path))
        {
            weights.Write(file);
        }

        var facts = new
        {
            trained = DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            command = $"dotnet run -c Release --project tools/Sommelier.Training -- {Path.GetFileName(arguments.DataPath)} --out {path.Replace('\\', '/')}",
            data = Path.GetFileName(arguments.DataPath),
            dataSha256 = _annotations.RowsSha256,
            dataLicences = "rows whose licence is permissive (ok) or share-alike (sa); the others only judge",
            rowsTrained = rows.Count(row => row.MayTrain),
            ownPromptsTrained = own.Count(row => !row.Aside),
            ownPromptsAside = own.Count(row => row.Aside),
            rowsJudgingOnly = rows.Count(row => !row.MayTrain),
            settings = arguments.Settings,
            temperature,
            abstainBelow = threshold,
            quantizedAgreesWithFloat = agreement,
            weightsSha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
            measured = _report.Facts,
        };
        File.WriteAllText(Path.ChangeExtension(path, ".json"), JsonSerializer.Serialize(facts, Json).ReplaceLineEndings("\n") + "\n");
        Console.WriteLine($"wrote {path}, {new FileInfo(path).Length} bytes");
    }
}
