using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Reads what a model made: items of an answer, which come back as items of the next request.</summary>
internal static class ResponsesItemReader
{
    /// <summary>An item other than a message.</summary>
    public static ContentPart Read(JsonFields item, string type) => Item(item, type).Placed(item.Place);

    private static ContentPart Item(JsonFields item, string type) => type switch
    {
        "function_call" => new ToolCallPart(
            item.Text("call_id") is { Length: > 0 } id ? id : item.RequiredText("id", "the call's id"),
            item.RequiredText("name", "the function's name"),
            item.Text("arguments") is { Length: > 0 } arguments ? arguments : "{}",
            ResponsesItemExtra.Of(item, ["type", "call_id", "name", "arguments"])),
        "custom_tool_call" => new ToolCallPart(
            item.Text("call_id") is { Length: > 0 } id ? id : item.RequiredText("id", "the call's id"),
            item.RequiredText("name", "the tool's name"),
            CustomTool.Wrap(item.Text("input") ?? ""),
            ResponsesItemExtra.Of(item, ["type", "call_id", "name", "input"])) { IsCustom = true },
        "reasoning" => Reasoning(item),
        _ => new OpaquePart(OpenAIResponsesFormat.FormatName, type, item.Element.GetRawText()),
    };

    /// <summary>The parts of a model's message; the first one carries the message's own fields.</summary>
    public static IEnumerable<ContentPart> OfMessage(IReadOnlyList<ContentPart> parts, JsonFields item)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            yield return i > 0 ? parts[i] : parts[i] switch
            {
                TextPart text => text with { Extra = ResponsesItemExtra.WithMessage(text.Extra, item) },
                RefusalPart refusal => refusal with { Extra = ResponsesItemExtra.WithMessage(refusal.Extra, item) },
                var other => other,
            };
        }
    }

    /// <summary>Thinking: what is shown of it, its seal and its id.</summary>
    public static ReasoningPart Reasoning(JsonFields item)
    {
        var text = new StringBuilder();
        Texts(item, Summary, text);
        Texts(item, "content", text);
        var extra = ResponsesItemExtra.Of(item, ["type", "id", "summary", "content", "encrypted_content", "status"]);
        var strange = (item.List(Summary)?.EnumerateArray() ?? default).Any(static piece => piece.ValueKind == JsonValueKind.Object && Extras.Collect(piece, OpenAIResponsesFormat.FormatName, ["type", "text"]) is not null);
        extra = strange ? Extras.Join(extra, new Extra(OpenAIResponsesFormat.FormatName, []) { Marks = [new(Summary, item.Raw(Summary)!)] }) : extra;
        return Sealed(text.ToString(), item.Text("encrypted_content"), item.Text("id")) with { Extra = extra };
    }

    /// <summary>The member with what is shown of the thinking; kept as it came where its pieces say more than their text.</summary>
    public const string Summary = "summary";

    /// <summary>Thinking with the seal that stands in this dialect's place for it, whoever's it is.</summary>
    /// <param name="text">What is shown.</param>
    /// <param name="seal">The <c>encrypted_content</c>, or null.</param>
    /// <param name="id">The item's id, or null.</param>
    public static ReasoningPart Sealed(string text, string? seal, string? id)
    {
        if (seal is not { Length: > 0 })
        {
            return new ReasoningPart(text) { Vendor = Seals.OpenAI, Id = id };
        }

        // What is shown beside its seal is signed; a seal alone stands for what is not shown.
        var (vendor, bare) = Seals.Unwrap(seal, Seals.OpenAI);
        var own = string.Equals(vendor, Seals.OpenAI, StringComparison.Ordinal);
        return new ReasoningPart(text, text.Length > 0 ? bare : null, text.Length > 0 ? null : bare) { Vendor = vendor, Id = own ? id : null };
    }

    private static void Texts(JsonFields item, string name, StringBuilder text)
    {
        foreach (var piece in item.List(name)?.EnumerateArray() ?? default)
        {
            if (piece.ValueKind == JsonValueKind.Object && JsonFields.Of(piece, item.At(name)).Text("text") is { Length: > 0 } said)
            {
                text.Append(text.Length > 0 ? "\n\n" : "").Append(said);
            }
        }
    }
}
