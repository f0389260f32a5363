using System.Text.Json;

namespace Sommelier.CatalogBuilder.Quality;

/// <summary>quality-sources.json as records.</summary>
public sealed record SourceTable(
    (double Level, double Slope)[] Intents, double PriorMass, double ItemWeight, double MaxMass, IReadOnlyList<Board> Boards)
{
    /// <summary>Reads the table beside this tool.</summary>
    public static SourceTable Load()
    {
        using var stream = typeof(SourceTable).Assembly.GetManifestResourceStream("quality-sources.json")!;
        using var document = JsonDocument.Parse(stream, new() { CommentHandling = JsonCommentHandling.Skip });
        var root = document.RootElement;
        var intents = Sommelier.Canonical.Intents.Names
            .Select(n => root.GetProperty("intents").GetProperty(n))
            .Select(i => (i.GetProperty("level").GetDouble(), i.GetProperty("slope").GetDouble()))
            .ToArray();
        var boards = root.GetProperty("leaderboards").EnumerateArray().Select(ReadBoard).ToArray();
        return new(intents, root.GetProperty("prior_mass").GetDouble(), root.GetProperty("item_weight").GetDouble(), root.GetProperty("max_mass").GetDouble(), boards);
    }

    private static Board ReadBoard(JsonElement board) => new(
        board.GetProperty("id").GetString()!,
        board.GetProperty("date").GetString()!,
        board.GetProperty("file").GetString()!,
        board.GetProperty("columns").EnumerateArray().Select(ReadColumn).ToArray(),
        board.GetProperty("rows").EnumerateArray().ToDictionary(
            r => r[0].GetString()!,
            r => (Model: r[1].GetString()!, Effort: Array.IndexOf(Board.Efforts, r[2].GetString()) is >= 0 and var e ? e : throw new InvalidDataException($"Effort '{r[2]}' of row '{r[0]}' is unknown.")),
            StringComparer.Ordinal));

    private static Column ReadColumn(JsonElement column)
    {
        var weights = new double[Sommelier.Canonical.Intents.Count];
        foreach (var intent in column.GetProperty("intents").EnumerateObject())
        {
            weights[Sommelier.Canonical.Intents.TryParse(intent.Name, out var parsed) ? (int)parsed : throw new InvalidDataException($"Intent '{intent.Name}' is unknown.")] = intent.Value.GetDouble();
        }

        return new(column.GetProperty("column").GetString()!, column.GetProperty("items").GetInt32(), weights);
    }
}

/// <summary>A column of a leaderboard: its items and what it says about each intent, 0 to 1.</summary>
public sealed record Column(string Name, int Items, double[] Weights);

/// <summary>A leaderboard, with its rows mapped to models and reasoning efforts.</summary>
public sealed record Board(string Id, string Date, string File, Column[] Columns, Dictionary<string, (string Model, int Effort)> Rows)
{
    /// <summary>The efforts of the table.</summary>
    public static readonly string[] Efforts = ["default", "none", "low", "medium", "high", "max"];
}
