using System.Text.Json;

namespace Sommelier.RouterBenchmark.Outcomes;

/// <summary>What <c>NAME.meta.json</c> says of <c>NAME.jsonl</c>: the models, and their list prices where the rows have no costs.</summary>
internal sealed record OutcomeMeta(IReadOnlyList<string> Models, IReadOnlyDictionary<string, (double Input, double Output)> UsdPerMillion)
{
    /// <summary>Reads it; null when there is no such file.</summary>
    /// <exception cref="OutcomeException">It cannot be used.</exception>
    public static OutcomeMeta? Find(string dataFile)
    {
        var stem = dataFile.EndsWith(".gz", StringComparison.Ordinal) ? dataFile[..^3] : dataFile;
        var file = Path.ChangeExtension(stem, ".meta.json");
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return Read(document.RootElement, file);
        }
        catch (JsonException problem)
        {
            throw new OutcomeException([$"{file}:{(problem.LineNumber ?? 0) + 1}: this is no JSON. Mend it with any JSON checker."]);
        }
    }

    private static OutcomeMeta Read(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Array
            || models.EnumerateArray().Any(m => m.ValueKind != JsonValueKind.String))
        {
            throw new OutcomeException([$"{file}: 'models' is missing. Give the models' names as an array of texts, in the order of the rows' 's'."]);
        }

        string[] names = [.. models.EnumerateArray().Select(m => m.GetString()!)];
        if (names.Length < 2 || names.Distinct(StringComparer.Ordinal).Count() < names.Length)
        {
            throw new OutcomeException([$"{file}: 'models' needs at least two names, each once."]);
        }

        Dictionary<string, (double, double)> prices = new(StringComparer.Ordinal);
        if (root.TryGetProperty("prices_usd_per_mtok", out var given))
        {
            foreach (var price in given.EnumerateObject())
            {
                prices[price.Name] = price.Value is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2
                    ? (pair[0].GetDouble(), pair[1].GetDouble())
                    : throw new OutcomeException([$"{file}: the price of '{price.Name}' must be [input, output] in USD per million tokens."]);
            }
        }

        return new(names, prices);
    }
}
