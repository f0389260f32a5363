using System.Text.Json;

namespace Sommelier.RouterBenchmark.Outcomes;

/// <summary>One line of a file as it stands there.</summary>
internal sealed record RawRow
{
    public required string Id { get; init; }

    public string? Bench { get; init; }

    public required IReadOnlyList<string> Task { get; init; }

    public string? Prompt { get; init; }

    public string? Stem { get; init; }

    public bool Excluded { get; init; }

    /// <summary>One per model; NaN for null.</summary>
    public required double[] Scores { get; init; }

    public double[]? Costs { get; init; }

    /// <summary>Characters of the answers.</summary>
    public double[]? OutputCharacters { get; init; }

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It cannot be used; the message says why and what to write instead.</exception>
    public static RawRow Read(string line, OutcomeMeta? meta)
    {
        using var document = Parse(line);
        var row = document.RootElement;
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("this is no JSON object. Write one object per line.");
        }

        var isPair = row.TryGetProperty("weak", out _) || row.TryGetProperty("strong", out _);
        var models = meta?.Models.Count ?? 2;
        return new()
        {
            Id = Text(row, "id") ?? throw new FormatException("'id' is missing. Give every row a text that names it."),
            Bench = Text(row, "bench"),
            Task = [.. new[] { Text(row, "dataset"), Text(row, "group") }.OfType<string>().Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)],
            Prompt = Text(row, "prompt") is { Length: > 0 } prompt ? prompt : null,
            Stem = Text(row, "stem"),
            Excluded = row.TryGetProperty("excluded", out var excluded) && excluded.ValueKind == JsonValueKind.True,
            Scores = isPair ? [Number(row, "weak"), Number(row, "strong")] : Numbers(row, "s", models, "score") ?? throw new FormatException("'s' is missing. Give one score per model, 0 to 1, or null where there is none."),
            Costs = Numbers(row, "c", models, "USD"),
            OutputCharacters = Numbers(row, "o", models, "length"),
        };
    }

    private static JsonDocument Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException problem)
        {
            throw new FormatException("this is no JSON. Write one object per line, without a line break in it.", problem);
        }
    }

    private static string? Text(JsonElement row, string name) =>
        !row.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FormatException($"'{name}' is no text. Put it in quotes.");

    private static double Number(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : throw new FormatException($"'{name}' is no number. A row of a pair has the scores 'weak' and 'strong'.");

    private static double[]? Numbers(JsonElement row, string name, int count, string what)
    {
        if (!row.TryGetProperty(name, out var values) || values.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() != count)
        {
            throw new FormatException($"'{name}' must be an array with one {what} for each of the {count} models of the .meta.json, in their order; null where there is none.");
        }

        return [.. values.EnumerateArray().Select((v, i) => v.ValueKind switch
        {
            JsonValueKind.Null => double.NaN,
            JsonValueKind.Number => v.GetDouble(),
            _ => throw new FormatException($"'{name}[{i}]' is neither a number nor null."),
        })];
    }
}
