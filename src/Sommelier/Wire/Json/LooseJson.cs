using System.Text.Json;

namespace Sommelier.Wire.Json;

/// <summary>Looks into the JSON of an upstream's answer without crashing on what is not as expected.</summary>
internal static class LooseJson
{
    // An application's state may hold anything beside the answer.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>Parses; dispose it.</summary>
    /// <exception cref="UpstreamException">It is not JSON.</exception>
    public static JsonDocument Parse(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data, Options);
            return JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException error)
        {
            throw UpstreamException.Protocol($"The server's answer is not JSON: {error.Message}");
        }
    }

    /// <summary>A member of an object that is not null; a default element when there is none.</summary>
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

    /// <summary>A text member; null when there is none.</summary>
    public static string? Text(this JsonElement element, string name) => element.Get(name) is { ValueKind: JsonValueKind.String } value ? Text(value) : null;

    /// <summary>The text of a string; as it stands when its escapes make no characters.</summary>
    public static string Text(this JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText().Trim('"');
        }
    }

    /// <summary>A whole number member that is not negative; 0 when there is none.</summary>
    public static long Count(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && number is >= 0 and < 1e15 ? (long)number : 0;
}
