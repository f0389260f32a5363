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

    /// <summary>What it was before: a single one for every text, fitted with every source counting the same.</summary>
    private Temperatures _before;

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
        var temperatures = Metrics.FitTemperatures([.. rotation, .. authors], arguments.Settings.SourceBalance);
        _before = Metrics.FitOne([.. rotation, .. authors]);
        List<Scored> unseen = [.. rotation, .. Served(authors, temperatures)];
        var threshold = Threshold(unseen, temperatures);
        Console.WriteLine($"{temperatures} (before: {_before.Plain:0.000}), abstains below {threshold:0.00} (fitted on unseen sources and authors)\n");
        ShowBothWays("unseenSources", rotation, temperatures);
        ShowServed("ownAuthorsLeftOut", authors, temperatures);
        ShowBothWays("randomSplit", experiment.RandomSplit(), temperatures);
        if (arguments.Evaluate)
        {
            _report.ShowAgreement(_annotations, rows);
            _report.ShowSources("unseenSources", BySource(rotation), temperatures);
            _report.ShowSources("unseenSourcesCorrected", rotation, temperatures);
            _report.ShowAbstention("unseen", unseen, temperatures);
            _report.ShowConfusion("unseenSources", BySource(rotation));
            _report.ShowConfusion("unseenSourcesCorrected", rotation);
            Evaluate(experiment, rows, own, temperatures);
        }

        if (arguments.Baselines)
        {
            Baselines(rows, own);
        }

        if (arguments.OutPath is not null)
        {
            Ship(experiment, rows, own, temperatures, threshold);
        }
    }

    /// <summary>Judged by the labels that the sources give, and by those that readers corrected.</summary>
    private void ShowBothWays(string name, List<Scored> scored, Temperatures temperatures)
    {
        Show(name, BySource(scored), temperatures);
        Show(name + "Corrected", scored, temperatures);
    }

    private void Show(string name, List<Scored> scored, Temperatures temperatures)
    {
        _report.Show(name, scored, temperatures);
        _report.ShowCalibration(name, scored, temperatures, scored, _before);
    }

    private void ShowServed(string name, List<Scored> scored, Temperatures temperatures)
    {
        var served = Served(scored, temperatures);
        _report.Show(name, served, temperatures);
        _report.ShowCalibration(name, served, temperatures, Served(scored, _before), _before);
    }

    private static List<Scored> BySource(List<Scored> scored) => [.. scored.Select(item => item.BySource())];

    private static float Threshold(List<Scored> unseen, Temperatures temperatures)
    {
        var curve = Metrics.Abstention(unseen, temperatures);
        var found = curve.FindIndex(point => point.Accuracy >= WantedAccuracy);
        return curve[found < 0 ? curve.Count - 1 : found].Threshold;
    }

    private void Evaluate(Experiment experiment, List<Row> rows, List<Row> own, Temperatures temperatures)
    {
        var never = experiment.NeverTrained();
        ShowNever("neverTrained", BySource(never), temperatures);
        ShowNever("neverTrainedCorrected", never, temperatures);
        var aside = experiment.Aside(own.Where(row => row.Aside));
        ShowServed("aside", aside, temperatures);
        _report.ShowAside(Served(aside, temperatures), temperatures);
        ShowServed("ownLanguageLeftOut", experiment.OwnLanguagesLeftOut(), temperatures);
        EvaluateFormer(rows, own);
    }

    private void ShowNever(string name, List<Scored> never, Temperatures temperatures)
    {
        Show(name, never, temperatures);
        ShowServed(name + "AsServed", never, temperatures);
        Show(name + "WithoutOther", [.. never.Where(item => item.Label != Intent.Other)], temperatures);
        Show(name + "Natural", [.. never.Where(item => item.Row.Natural)], temperatures);
        ShowServed(name + "NaturalAsServed", [.. never.Where(item => item.Row.Natural)], temperatures);
        _report.ShowSources(name, never, temperatures);
        _report.ShowAbstention(name, never, temperatures);
        _report.ShowConfusion(name, never);
    }

    private void EvaluateFormer(List<Row> rows, List<Row> own)
    {
        try
        {
            var former = new IntentClassifier(ClassifierWeights.LoadShared());
            var never = Scored.Former(former, rows.Where(row => !row.MayTrain));
            _report.Show("formerWeightsNeverTrained", BySource(never), new(1, 1));
            _report.Show("formerWeightsNeverTrainedCorrected", never, new(1, 1));
            _report.Show("formerWeightsAside", Scored.Former(former, own.Where(row => row.Aside)), new(1, 1));
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
        var temperatures = Metrics.FitTemperatures(rotation, arguments.Settings.SourceBalance);
        _before = Metrics.FitOne(rotation);
        ShowBothWays(name + "UnseenSources", rotation, temperatures);
        ShowBothWays(name + "RandomSplit", experiment.RandomSplit(), temperatures);
        ShowBothWays(name + "NeverTrained", experiment.NeverTrained(), temperatures);
        _report.Show(name + "Aside", Served(experiment.Aside(own.Where(row => row.Aside)), temperatures), temperatures);
    }

    private static List<Scored> Served(List<Scored> scored, Temperatures temperatures) => [.. scored.Select(item => item.AsServed(temperatures))];

    private void Ship(Experiment experiment, List<Row> rows, List<Row> own, Temperatures temperatures, float threshold)
    {
        var model = experiment.TrainAll();
        var weights = Quantizer.Quantize(model, temperatures, threshold);
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
            temperatures,
            abstainBelow = threshold,
            quantizedAgreesWithFloat = agreement,
            weightsSha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
            measured = _report.Facts,
        };
        File.WriteAllText(Path.ChangeExtension(path, ".json"), JsonSerializer.Serialize(facts, Json).ReplaceLineEndings("\n") + "\n");
        Console.WriteLine($"wrote {path}, {new FileInfo(path).Length} bytes");
    }
}
