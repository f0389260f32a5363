using System.IO.Compression;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>One labelled prompt, with its features already read.</summary>
internal sealed class Row
{
    public required string Text { get; init; }

    public required Intent Label { get; init; }

    public required string Language { get; init; }

    public required string Source { get; init; }

    public required bool Natural { get; init; }

    /// <summary>Rows of one group share a question or text and must not be split.</summary>
    public required string Group { get; init; }

    /// <summary>True when its licence lets weights trained on it ship: permissive or share-alike.</summary>
    public required bool MayTrain { get; init; }

    public int[] Buckets { get; set; } = [];

    /// <summary>The dense signals that are on.</summary>
    public int[] Signals { get; set; } = [];

    /// <summary>The same row read another way.</summary>
    public Row With(int[] buckets) => new()
    {
        Text = Text, Label = Label, Language = Language, Source = Source, Natural = Natural, Group = Group, MayTrain = MayTrain,
        Buckets = buckets,
    };

    public static List<Row> ReadAll(string path)
    {
        var rows = new List<Row>();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var label = root.GetProperty("label").GetString()!;
            if (!Intents.TryParse(label, out var intent))
            {
                throw new InvalidDataException($"{path}: unknown label '{label}' in row {rows.Count + 1}.");
            }

            var group = root.GetProperty("group");
            var text = root.GetProperty("text").GetString()!;
            var source = root.GetProperty("source").GetString()!;
            rows.Add(new Row
            {
                Text = text,
                Label = Relabelling.Of(source, intent, text),
                Language = root.GetProperty("language").GetString()!,
                Source = source,
                Natural = root.GetProperty("natural").GetInt32() == 1,
                Group = group.ValueKind == JsonValueKind.Null ? root.GetProperty("id").ToString() : group.ToString(),
                MayTrain = root.GetProperty("lic").GetString() is "ok" or "sa",
            });
        }

        return rows;
    }

    /// <summary>Reads the features with the engine's own reader: what serving sees is what training saw.</summary>
    public static void ReadFeatures(List<Row> rows)
    {
        var buckets = new int[FeatureSet.MaxBuckets];
        var seen = new ulong[FeatureSet.SeenWords];
        var dense = new float[DenseFeatures.Count];
        foreach (var row in rows)
        {
            var features = new FeatureSet(buckets, seen, dense);
            TextFeatures.Read(row.Text, ref features);
            row.Buckets = features.Buckets.ToArray();
            row.Signals = [.. Enumerable.Range(0, dense.Length).Where(i => dense[i] != 0)];
        }
    }
}
