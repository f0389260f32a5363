using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>
/// What a tool answered. Google's form is an object, by convention <c>{ "output": … }</c> or <c>{ "error": … }</c>; other
/// formats have text.
/// </summary>
internal static class GeminiFunctionResponse
{
    private const string Format = GeminiFormat.FormatName;
    private const string Prefix = "functionResponse.";

    /// <summary>Reads a <c>functionResponse</c>; its id is empty when it has none.</summary>
    /// <param name="answer">The object.</param>
    /// <param name="extra">Unknown fields of the part that it stands in.</param>
    public static ToolCallResponsePart Read(JsonFields answer, Extra? extra)
    {
        var parts = new List<ContentPart>();
        var isError = false;
        if (answer.Object("response") is { } response)
        {
            var (text, failed) = Words(response);
            isError = failed;
            if (text.Length > 0)
            {
                parts.Add(new TextPart(text) { Place = response.Place });
            }
        }

        if (answer.List("parts") is { } media)
        {
            var index = 0;
            foreach (var item in media.EnumerateArray())
            {
                var part = JsonFields.Item(item, answer, "parts", index++);
                var from = parts.Count;
                GeminiPartReader.Read(part, parts, name => name, out _);
                parts.Placed(from, part.Place);
            }
        }

        return new ToolCallResponsePart(answer.Text("id") ?? "", parts, isError, Extras.Join(extra, Extras.Within(Prefix, answer.Unknown(Format, ["id", "name", "response", "parts"]))));
    }

    /// <summary>Writes a part with a <c>functionResponse</c>.</summary>
    /// <param name="result">What the tool answered.</param>
    /// <param name="name">The tool; Google matches by it.</param>
    /// <param name="path">Where the result stood, for warnings.</param>
    /// <param name="writer">Stands in the list of parts.</param>
    /// <param name="warnings">Takes the losses.</param>
    public static void Write(ToolCallResponsePart result, string name, FieldPath path, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var text = string.Join('\n', result.Parts.OfType<TextPart>().Select(part => part.Text));
        writer.WriteStartObject();
        writer.WriteStartObject("functionResponse"u8);
        writer.WriteString("id"u8, result.Id);
        writer.WriteString("name"u8, name);
        writer.WritePropertyName("response"u8);
        WriteWords(text, result.IsError, writer);
        var media = result.Parts.OfType<BlobPart>().ToArray();
        if (media.Length > 0)
        {
            writer.WriteStartArray("parts"u8);
            foreach (var blob in media)
            {
                GeminiPartWriter.Blob(blob, named: true, blob.Place.Or(path), seal: null, writer, warnings);
            }

            writer.WriteEndArray();
        }

        foreach (var part in result.Parts)
        {
            if (part is TextPart)
            {
                Extras.Warn(part.Extra, part.Place.Or(path), warnings);
            }
            else if (part is not BlobPart)
            {
                warnings.Add(new Warning("dropped", part.Place.Or(path).ToString(), "a tool's answer holds text and bytes only"));
            }
        }

        Extras.WriteInner(result.Extra, Prefix, writer, Format);
        writer.WriteEndObject();
        Extras.Write(result.Extra, writer, Format, path, warnings, Prefix);
        writer.WriteEndObject();
    }

    private static (string Text, bool Failed) Words(JsonFields response)
    {
        JsonProperty? only = null;
        var count = 0;
        foreach (var property in response.Element.EnumerateObject())
        {
            only = property;
            count++;
        }

        if (count == 1 && only!.Value.Name is "output" or "result" or "error")
        {
            var value = only.Value.Value;
            var text = value.ValueKind == JsonValueKind.String ? JsonFields.Text(value, response.At(only.Value.Name)) : value.GetRawText();
            return (text, only.Value.Name is "error");
        }

        return count == 0 ? ("", false) : (response.Element.GetRawText(), false);
    }

    // An object that the tool gave as JSON stays one; everything else is wrapped as Google's own SDK does it.
    private static void WriteWords(string text, bool isError, Utf8JsonWriter writer)
    {
        if (!isError && text.StartsWith('{') && IsObject(text))
        {
            writer.WriteRawValue(text, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(isError ? "error"u8 : "output"u8, text);
        writer.WriteEndObject();
    }

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = JsonLimits.MaxDepth });

            // What would be read back as wrapped words is wrapped.
            return !document.RootElement.TryGetProperty("output", out _) && !document.RootElement.TryGetProperty("result", out _) && !document.RootElement.TryGetProperty("error", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
