using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Puts kept items into a request in place of the ids by which it names them.</summary>
internal static class ResponsesConversation
{
    /// <summary>The ids of the items that a request names instead of holding them.</summary>
    public static IReadOnlyList<string> References(ReadOnlySpan<byte> body, RequestOutline outline)
    {
        var ids = new List<string>();
        Walk(body, outline, (item, _) =>
        {
            if (ReferenceOf(item) is { } id)
            {
                ids.Add(id);
            }
        });
        return ids;
    }

    /// <summary>
    /// The request with what it continues written out: the earlier answer's input and output, then its own items.
    /// </summary>
    /// <param name="body">The request.</param>
    /// <param name="outline">Where its members stand.</param>
    /// <param name="input">The earlier answer's input, a JSON list; empty when none is continued.</param>
    /// <param name="response">The earlier answer; empty when none is continued.</param>
    /// <param name="items">Kept items by their ids; a reference to another one stays as it is.</param>
    public static ReadOnlyMemory<byte> Expand(
        ReadOnlyMemory<byte> body, RequestOutline outline, ReadOnlyMemory<byte> input, ReadOnlyMemory<byte> response, IReadOnlyDictionary<string, string> items)
    {
        var list = new ArrayBufferWriter<byte>(input.Length + response.Length + 256);
        using (var writer = new Utf8JsonWriter(list, JsonLimits.Writer))
        {
            writer.WriteStartArray();
            Copy(input, null, writer);
            Copy(response, "output", writer);
            Own(body.Span, outline, items, writer);
            writer.WriteEndArray();
        }

        var edits = new JsonEdits();
        if (outline.Member("input") is { } member)
        {
            edits.Replace(member.ValueStart, member.End, list.WrittenMemory);
        }
        else
        {
            edits.Insert(outline.Members[^1].End, (byte[])[.. ",\"input\":"u8, .. list.WrittenSpan]);
        }

        var output = new ArrayBufferWriter<byte>(body.Length + list.WrittenCount);
        edits.Apply(body.Span, output);
        return output.WrittenMemory;
    }

    /// <summary>A request's input as a list, for keeping.</summary>
    public static ReadOnlyMemory<byte> Input(ReadOnlySpan<byte> body, RequestOutline outline)
    {
        var list = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(list, JsonLimits.Writer);
        writer.WriteStartArray();
        Own(body, outline, new Dictionary<string, string>(StringComparer.Ordinal), writer);
        writer.WriteEndArray();
        writer.Flush();
        return list.WrittenMemory;
    }

    private static void Copy(ReadOnlyMemory<byte> json, string? member, Utf8JsonWriter writer)
    {
        if (json.IsEmpty)
        {
            return;
        }

        using var document = JsonDocument.Parse(json);
        var list = member is null ? document.RootElement : document.RootElement.GetProperty(member);
        foreach (var item in list.EnumerateArray())
        {
            Copy(item, writer);
        }
    }

    private static void Own(ReadOnlySpan<byte> body, RequestOutline outline, IReadOnlyDictionary<string, string> items, Utf8JsonWriter writer) =>
        Walk(body, outline, (item, isText) =>
        {
            if (isText)
            {
                writer.WriteStartObject();
                writer.WriteString("role", "user");
                writer.WritePropertyName("content");
                Copy(item, writer);
                writer.WriteEndObject();
            }
            else if (ReferenceOf(item) is { } id && items.TryGetValue(id, out var kept))
            {
                writer.WriteRawValue(kept, skipInputValidation: true);
            }
            else
            {
                Copy(item, writer);
            }
        });

    // As it came: text that does not make characters is for whoever reads the item to refuse.
    private static void Copy(JsonElement item, Utf8JsonWriter writer) => writer.WriteRawValue(item.GetRawText(), skipInputValidation: true);


    private static void Walk(ReadOnlySpan<byte> body, RequestOutline outline, Action<JsonElement, bool> visit)
    {
        if (outline.Member("input") is not { } input)
        {
            return;
        }

        var reader = new Utf8JsonReader(body[input.ValueStart..input.End], JsonLimits.Reader);
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind == JsonValueKind.String)
        {
            visit(document.RootElement, true);
            return;
        }

        foreach (var item in document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray() : default)
        {
            visit(item, false);
        }
    }

    private static string? ReferenceOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("item_reference")
            ? new JsonFields(item, "input[]").Text("id")
            : null;
}
