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

    public void Execute()
    {
        var rows = Row.ReadAll(arguments.DataPath);
        var own = OwnCorpus.ReadAll();
        Row.ReadFeatures(rows);
        Row.ReadFeatures(own);
        var trainable = rows.Count(row => row.MayTrain);
        Console.WriteLine(
            $"{rows.Count} rows, {trainable} may train (lic ok or sa), {own.Count} own prompts; {rows.Average(row => row.Buckets.Length):0} n-grams a row\n");

        var experiment = new Experiment(arguments.Settings, rows, own, FeatureHash.BucketCount);
        var rotation = experiment.Rotation();
        List<Scored> unseen = [.. rotation, .. experiment.OwnLanguagesLeftOut()];
        var temperature = Metrics.FitTemperature(unseen);
        var threshold = Threshold(unseen, temperature);
        Console.WriteLine($"temperature {temperature:0.000}, abstains below {threshold:0.00} (fitted on unseen sources)\n");
        _report.Show("unseenSources", rotation, temperature);
        if (arguments.Evaluate)
        {
            Evaluate(experiment, rotation, unseen, temperature);
            Baseline(rows);
        }

        if (arguments.OutPath is not null)
        {
            Ship(experiment, rows, own, temperature, threshold);
        }
    }

    private static float Threshold(List<Scored> unseen, float temperature)
    {
        var curve = Metrics.Abstention(unseen, temperature);
        var found = curve.FindIndex(point => point.Accuracy >= WantedAccuracy);
        return curve[found < 0 ? curve.Count - 1 : found].Threshold;
    }

    private void Evaluate(Experiment experiment, List<Scored> rotation, List<Scored> unseen, float temperature)
    {
        _report.Show("randomSplit", experiment.RandomSplit(), temperature);
        var never = experiment.NeverTrained();
        _report.Show("neverTrainedSources", never, temperature);
        _report.Show("neverTrainedAsServed", [.. never.Select(item => WithoutTools(item, temperature))], temperature);
        _report.Show("neverTrainedWithoutOther", [.. never.Where(item => item.Row.Label != Intent.Other)], temperature);
        _report.Show("neverTrainedNatural", [.. never.Where(item => item.Row.Natural)], temperature);
        _report.Show("ownLanguageLeftOut", [.. unseen.Skip(rotation.Count)], temperature);
        _report.ShowSources("unseenSources", rotation, temperature);
        _report.ShowSources("neverTrained", never, temperature);
        _report.ShowAbstention("unseen", unseen, temperature);
        _report.ShowAbstention("neverTrained", never, temperature);
        _report.ShowConfusion("unseenSources", rotation);
        _report.ShowConfusion("neverTrained", never);
    }

    /// <summary>What serving makes of a request that offers no tools, as these rows do not.</summary>
    private static Scored WithoutTools(Scored item, float temperature)
    {
        var scores = item.Scores.ToArray();
        scores[(int)Intent.ToolUse] += ContextPriors.NoTools * temperature;
        return item with { Scores = scores };
    }

    /// <summary>The plain word and character n-gram model on the same splits and the public rows alone.</summary>
    private void Baseline(List<Row> rows)
    {
        var plain = new Experiment(PlainFeatures.Settings, PlainFeatures.Of(rows), [], PlainFeatures.BucketCount);
        Console.WriteLine("\nplain baseline: word 1-2 and character 1-4 n-grams, public rows only");
        var rotation = plain.Rotation();
        var temperature = Metrics.FitTemperature(rotation);
        _report.Show("baselineUnseenSources", rotation, temperature);
        _report.Show("baselineRandomSplit", plain.RandomSplit(), temperature);
        _report.Show("baselineNeverTrained", plain.NeverTrained(), temperature);

        // The same model without the own prompts: what the features and the training gain, apart from the data.
        var publicOnly = new Experiment(arguments.Settings, rows, [], FeatureHash.BucketCount);
        Console.WriteLine("\nthis model, public rows only");
        rotation = publicOnly.Rotation();
        temperature = Metrics.FitTemperature(rotation);
        _report.Show("publicOnlyUnseenSources", rotation, temperature);
        _report.Show("publicOnlyNeverTrained", publicOnly.NeverTrained(), temperature);
    }

    private void Ship(Experiment experiment, List<Row> rows, List<Row> own, float temperature, float threshold)
    {
        var model = experiment.TrainAll();
        var weights = Quantizer.Quantize(model, temperature, threshold);
        var agreement = Quantizer.Agreement(weights, model, rows);
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
            dataSha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(arguments.DataPath))),
            dataLicences = "rows whose licence is permissive (ok) or share-alike (sa); the others only judge",
            rowsTrained = rows.Count(row => row.MayTrain),
            ownPromptsTrained = own.Count,
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
