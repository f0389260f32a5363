using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>The joined catalog (catalog.json.gz) with the licence and date of what it was joined from.</summary>
public sealed class SourceCatalog
{
    private readonly JsonDocument document;
    private readonly JsonDocument fees;

    private SourceCatalog(JsonDocument document, JsonDocument fees) => (this.document, this.fees) = (document, fees);

    /// <summary>LiteLLM's list as it is, by its key: what calls cost beside their tokens did not go into the joined catalog.</summary>
    public JsonElement Fees => fees.RootElement;

    /// <summary>Providers by their key in the source.</summary>
    public JsonElement Providers => document.RootElement.GetProperty("providers");

    /// <summary>Sources in a fixed order, with the day of their snapshot.</summary>
    public static readonly (string Id, string Date, string Licence, string Url)[] Sources =
    [
        ("models.dev", "2026-09-30", "MIT", "https://models.dev/api.json"),
        ("pi-ai", "2026-11-10", "MIT", "https://www.npmjs.com/package/@earendil-works/pi-ai"),
        ("litellm", "2026-07-24", "MIT", "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json"),
        ("modeldeprecations.dev", "2026-08-21", "MIT", "https://modeldeprecations.dev/api/v1/models.json"),
        ("openai-node", "2026-11-13", "Apache-2.0", "https://www.npmjs.com/package/openai"),
        ("provider-pages", "2026-08-21", "facts quoted from the vendors' pages", "https://modeldeprecations.dev"),
        ("derived", "2026-11-23", "-", "docs/catalog.md"),
        (FeesSource, "2026-06-02", "MIT", "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json"),
    ];

    private const string FeesSource = "litellm-fees";

    /// <summary>The index of a source.</summary>
    public static int IndexOf(string id)
    {
        var index = Array.FindIndex(Sources, s => s.Id == id);
        return index >= 0 ? index : throw new InvalidDataException($"The catalog names a source '{id}' that this tool does not know; add it with its date and licence.");
    }

    /// <summary>Opens the data folder and checks that the snapshots are the known ones.</summary>
    public static SourceCatalog Open(string data)
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(data, "catalog", "catalog.json.gz")), CompressionMode.Decompress);
        var document = JsonDocument.Parse(file);
        foreach (var source in document.RootElement.GetProperty("sources").EnumerateArray())
        {
            var id = source.GetProperty("id").GetString()!;
            var known = Sources.FirstOrDefault(s => s.Id == id);
            if (known.Id is not null && !source.GetProperty("snapshot").GetString()!.Contains(known.Date, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"Source '{id}' is of another day than {known.Date}; put the new day into SourceCatalog.Sources.");
            }
        }

        using var list = new GZipStream(File.OpenRead(Path.Combine(data, "catalog", $"litellm-prices-{Sources[IndexOf(FeesSource)].Date}.json.gz")), CompressionMode.Decompress);
        return new(document, JsonDocument.Parse(list));
    }

    /// <summary>A text property, or null.</summary>
    public static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.String ? v.GetString() : null;

    /// <summary>A true property.</summary>
    public static bool Is(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.True;

    /// <summary>A boolean, or null when absent.</summary>
    public static bool? Flag(JsonElement of, string name) =>
        of.TryGetProperty(name, out var v) && v.ValueKind is JsonValueKind.True or JsonValueKind.False ? v.GetBoolean() : null;

    /// <summary>A positive number of tokens, or null.</summary>
    public static int? Tokens(JsonElement of, string name) =>
        of.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Number && v.GetDouble() is > 0 and <= int.MaxValue ? (int)v.GetDouble() : null;

    /// <summary>A property, or an undefined element.</summary>
    public static JsonElement Child(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var v) ? v : default;

    /// <summary>The texts of an array property.</summary>
    public static string[] Texts(JsonElement of, string name) =>
        Child(of, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(t => t.GetString()!).ToArray() : [];

    /// <summary>A full date, or null: a month alone is no date.</summary>
    public static DateOnly? Day(JsonElement of, string name) =>
        DateOnly.TryParseExact(Text(of, name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
