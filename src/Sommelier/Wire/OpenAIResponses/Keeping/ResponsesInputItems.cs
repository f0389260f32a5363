using System.Buffers;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Limit">The most items, 1 to 100. Default 20.</param>
/// <param name="Ascending">Oldest first. Default: newest first, as the vendor has it.</param>
/// <param name="After">The id of the item before the first one that is wanted, in that order; null for the beginning.</param>
internal readonly record struct ItemPage(int Limit, bool Ascending, string? After)
{
    /// <summary>What is given when nothing is said.</summary>
    public static ItemPage Default { get; } = new(20, false, null);

    /// <summary>Reads a query's parameters.</summary>
    /// <exception cref="WireException">One is out of its range: names it and the remedy.</exception>
    public static ItemPage Read(string? limit, string? order, string? after)
    {
        var most = Default.Limit;
        if (limit is not null && (!int.TryParse(limit, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out most) || most is < 1 or > 100))
        {
            throw WireException.Invalid("limit", "'limit' must be a whole number from 1 to 100.");
        }

        if (order is not (null or "" or "asc" or "desc"))
        {
            throw WireException.Invalid("order", "'order' must be 'asc' or 'desc'.");
        }

        return new(most, order is "asc", after is "" ? null : after);
    }
}

/// <summary>The items that led to a kept answer, as the list that this dialect's clients page through.</summary>
/// <remarks>
/// Items are given as the caller sent them, with what the vendor's lists always have: an id, a type, and the content of a
/// message as parts. An item that was sent without an id gets one that is the same at every reading.
/// </remarks>
internal static class ResponsesInputItems
{
    /// <summary>Writes a page of the list.</summary>
    /// <param name="input">The items, a JSON list, oldest first.</param>
    /// <param name="responseId">The answer's id.</param>
    /// <param name="page">Which part.</param>
    /// <param name="output">Takes it.</param>
    /// <exception cref="WireException">No item has the id that the page begins after.</exception>
    public static void Write(ReadOnlyMemory<byte> input, string responseId, ItemPage page, IBufferWriter<byte> output)
    {
        using var document = JsonDocument.Parse(input);
        var items = new List<(JsonElement Item, string Id)>();
        foreach (var item in document.RootElement.EnumerateArray())
        {
            items.Add((item, item.Text("id") ?? ResponsesIds.Item(Prefix(TypeOf(item)), responseId, items.Count)));
        }

        if (!page.Ascending)
        {
            items.Reverse();
        }

        var first = page.After is { } after ? items.FindIndex(item => string.Equals(item.Id, after, StringComparison.Ordinal)) + 1 : 0;
        if (page.After is not null && first == 0)
        {
            throw WireException.Invalid("after", "'after' names no input item of this response. Send the 'last_id' of the page before.");
        }

        var count = Math.Min(page.Limit, items.Count - first);
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var (item, id) in items.GetRange(first, count))
        {
            Write(item, id, writer);
        }

        writer.WriteEndArray();
        writer.WriteString("first_id", count > 0 ? items[first].Id : null);
        writer.WriteString("last_id", count > 0 ? items[first + count - 1].Id : null);
        writer.WriteBoolean("has_more", first + count < items.Count);
        writer.WriteEndObject();
    }

    private static void Write(JsonElement item, string id, Utf8JsonWriter writer)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            item.WriteTo(writer);
            return;
        }

        var type = TypeOf(item);
        var isMessage = type is "message";
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("type", type);
        foreach (var member in item.EnumerateObject())
        {
            if (member.NameEquals("id") || member.NameEquals("type"))
            {
                continue;
            }

            writer.WritePropertyName(member.Name);
            if (isMessage && member.NameEquals("content") && member.Value.ValueKind == JsonValueKind.String)
            {
                Text(member.Value, item.Text("role"), writer);
            }
            else
            {
                writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
            }
        }

        if (isMessage && !item.TryGetProperty("status", out _))
        {
            writer.WriteString("status", "completed");
        }

        writer.WriteEndObject();
    }

    private static void Text(JsonElement text, string? role, Utf8JsonWriter writer)
    {
        var isAnswer = role is "assistant";
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("type", isAnswer ? "output_text" : "input_text");
        writer.WritePropertyName("text");
        writer.WriteRawValue(text.GetRawText(), skipInputValidation: true);
        if (isAnswer)
        {
            writer.WriteStartArray("annotations");
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    // The type may be left out of a message.
    private static string TypeOf(JsonElement item) => item.Text("type") ?? "message";

    // Unlike those of the answer's own items.
    private static string Prefix(string type) => type switch
    {
        "message" => "msg_in_",
        "function_call" => "fc_in_",
        "reasoning" => "rs_in_",
        _ => "item_in_",
    };
}
