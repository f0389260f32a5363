using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>One labelled prompt, with what its request held beside it.</summary>
internal sealed class Row
{
    private bool? _isMarked;

    public required string Text { get; init; }

    /// <summary>What the row is trained on and judged by: the source's label, corrected where it was read.</summary>
    public required Intent Label { get; init; }

    public required Intent SourceLabel { get; init; }

    /// <summary>The number in its id, by which annotations know a public row.</summary>
    public int Number { get; init; } = -1;

    public required string Language { get; init; }

    public required string Source { get; init; }

    public required bool Natural { get; init; }

    /// <summary>Rows of one group share a question or text and must not be split.</summary>
    public required string Group { get; init; }

    /// <summary>True when its licence lets weights trained on it ship: permissive or share-alike.</summary>
    public required bool MayTrain { get; init; }

    /// <summary>Set aside by author, style and topic: never trained on.</summary>
    public bool Aside { get; init; }

    /// <summary>Earlier turns, the user's and the assistant's in turn, the oldest first; an even number.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    public string System { get; init; } = "";

    public bool ToolsOffered { get; init; }

    public bool ToolsUsed { get; init; }

    /// <summary><see cref="Text"/> is what a tool gave back; the user spoke last in <see cref="Before"/>.</summary>
    public bool IsToolResult { get; init; }

    /// <summary>The texts that are read, the last user turn first.</summary>
    public IReadOnlyList<TextPart> Parts { get; set; } = [];

    /// <summary>The same prompt inside a frame, trained on beside it; null for most.</summary>
    public Row? Framed { get; set; }

    /// <summary>Which of the classifier's temperatures is its own.</summary>
    public bool IsMarked => _isMarked ??= new Temperatures(0, 1).For(Input(), Parts.Count > 0 ? Parts[0].Share : 1) > 0;

    /// <summary>The request as the router reads it: a tool's result is no turn of the user's.</summary>
    public ClassifierInput Input()
    {
        var turns = IsToolResult ? Before : [.. Before, Text];
        var last = IsToolResult ? turns.Count - 2 : turns.Count - 1;
        return new()
        {
            LastUserTurn = turns[last],
            PreviousAssistantTurn = last > 0 ? turns[last - 1] : "",
            PreviousUserTurn = last > 1 ? FollowUp.Task(turns[last - 2], last > 3 ? [turns[last - 4]] : []) : "",
            System = System,
            ToolsOffered = ToolsOffered,
            ToolsUsed = ToolsUsed,
            LastTurnIsToolResult = IsToolResult,
        };
    }

    /// <summary>The same row read another way.</summary>
    public Row With(int[] buckets) => With(Text, [new(buckets, [], 1)]);

    /// <summary>Another text for the same task.</summary>
    public Row With(string text) => With(text, []);

    private Row With(string text, IReadOnlyList<TextPart> parts) => new()
    {
        Text = text, Label = Label, SourceLabel = SourceLabel, Number = Number, Language = Language, Source = Source, Natural = Natural,
        Group = Group, MayTrain = MayTrain,
        Aside = Aside, Before = Before, System = System, ToolsOffered = ToolsOffered, ToolsUsed = ToolsUsed, IsToolResult = IsToolResult,
        Parts = parts,
    };

    /// <summary>Reads the gzipped rows.</summary>
    /// <exception cref="InvalidDataException">A label is unknown, or the annotations number the rows of another file.</exception>
    public static List<Row> ReadAll(string path, Annotations annotations)
    {
        using (var file = File.OpenRead(path))
        {
            annotations.DemandRowsOf(file, path);
        }

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
            var id = root.GetProperty("id").GetString()!;
            var number = int.Parse(id.AsSpan(id.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);
            rows.Add(new Row
            {
                Text = root.GetProperty("text").GetString()!,
                Label = annotations.Corrected(number, intent),
                SourceLabel = intent,
                Number = number,
                Language = root.GetProperty("language").GetString()!,
                Source = root.GetProperty("source").GetString()!,
                Natural = root.GetProperty("natural").GetInt32() == 1,
                Group = group.ValueKind == JsonValueKind.Null ? id : group.ToString(),
                MayTrain = root.GetProperty("lic").GetString() is "ok" or "sa",
            });
        }

        return rows;
    }
}
