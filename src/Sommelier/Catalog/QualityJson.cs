using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Catalog;

/// <summary>Reads the bundled quality table: per model eighteen means, lower bounds and masses, and where they come from.</summary>
internal static class QualityJson
{
    /// <summary>The table of a file.</summary>
    public static QualityTable Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        var texts = root.GetProperty("evidence").EnumerateArray().Select(e => e.GetString()!).ToArray();
        Dictionary<string, QualityEstimate[]> rows = new(StringComparer.Ordinal);
        foreach (var model in root.GetProperty("models").EnumerateObject())
        {
            rows.Add(model.Name, ReadRow(model.Value, texts));
        }

        return new(root.GetProperty("version").GetString()!, rows);
    }

    private static QualityEstimate[] ReadRow(JsonElement row, string[] texts)
    {
        var mean = row.GetProperty("mean");
        var low = row.GetProperty("low");
        var mass = row.GetProperty("mass");
        var text = row.GetProperty("from");
        var own = row.TryGetProperty("own", out var measured) ? measured.GetInt32() : 0;
        var estimates = new QualityEstimate[Intents.Count];
        for (var i = 0; i < estimates.Length; i++)
        {
            estimates[i] = new(
                mean[i].GetInt32() / 1000.0,
                low[i].GetInt32() / 1000.0,
                mass[i].GetInt32() / 10.0,
                texts[text[i].GetInt32()],
                Inherited: (own >> i & 1) == 0);
        }

        return estimates;
    }
}
