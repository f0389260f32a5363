using System.Text.Json;
using Sommelier.Evals.Suites;
using Sommelier.Storage;

namespace Sommelier.Evals.Runs;

/// <summary>Where a run lies: <c>run.json</c>, <c>cases.jsonl</c>, <c>results.jsonl</c>, <c>judgements.jsonl</c> and <c>comparisons.jsonl</c>.</summary>
/// <param name="path">The folder.</param>
internal sealed class RunFolder(string path)
{
    /// <summary>The name of the file with the results.</summary>
    public const string ResultsName = "results.jsonl";

    /// <summary>The name of the file with what judges said.</summary>
    public const string JudgementsName = "judgements.jsonl";

    private const string ManifestName = "run.json";

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>The results.</summary>
    public string Results => System.IO.Path.Combine(Path, ResultsName);

    /// <summary>What judges said.</summary>
    public string Judgements => System.IO.Path.Combine(Path, JudgementsName);

    /// <summary>Which of two answers is the better one.</summary>
    public string Comparisons => System.IO.Path.Combine(Path, "comparisons.jsonl");

    /// <summary>The folder of the gateway's own ledger and journal.</summary>
    public string Gateway => System.IO.Path.Combine(Path, "gateway");

    /// <summary>Whether there is a run.</summary>
    public bool Exists => File.Exists(System.IO.Path.Combine(Path, ManifestName));

    private string Cases => System.IO.Path.Combine(Path, "cases.jsonl");

    /// <summary>The run of a folder or of an id below <paramref name="runs"/>; null when there is none.</summary>
    public static RunFolder? Find(string named, string runs)
    {
        foreach (var candidate in new[] { named, System.IO.Path.Combine(runs, named) })
        {
            if (File.Exists(System.IO.Path.Combine(candidate, ManifestName)))
            {
                return new(candidate);
            }
        }

        return null;
    }

    /// <summary>Writes what the run is of. The manifest comes last and in one piece: without it there is no run.</summary>
    public void Save(RunManifest manifest, IEnumerable<CaseFacts> cases)
    {
        PrivateFolder.Create(Path);
        using (var file = File.Create(Cases))
        {
            using var json = new Utf8JsonWriter(file, ReadableJson.Writer);
            foreach (var facts in cases)
            {
                facts.Write(json);
                json.Flush();
                file.WriteByte((byte)'\n');
                json.Reset();
            }
        }

        var whole = System.IO.Path.Combine(Path, ManifestName);
        using (var file = File.Create(whole + ".new"))
        {
            using var json = new Utf8JsonWriter(file, ReadableJson.Writer with { Indented = true, NewLine = "\n" });
            manifest.Write(json);
        }

        File.Move(whole + ".new", whole, overwrite: true);
    }

    /// <summary>What the run is of.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public RunManifest ReadManifest() => RunManifest.Read(File.ReadAllBytes(System.IO.Path.Combine(Path, ManifestName)));

    /// <summary>What it has so far.</summary>
    public RunResults ReadResults() => RunResults.Read(Results, JudgementLog.SpentUsd(Judgements));

    /// <summary>What was compared so far.</summary>
    public PairResults ReadComparisons() => PairResults.Read(Comparisons);

    /// <summary>The run's cases.</summary>
    public IReadOnlyList<CaseFacts> ReadCases()
    {
        var cases = new List<CaseFacts>();
        foreach (var line in File.ReadLines(Cases))
        {
            using var document = JsonDocument.Parse(line);
            cases.Add(CaseFacts.Read(document.RootElement));
        }

        return cases;
    }
}
