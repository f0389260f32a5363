using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Reads an assistant message of a request or an answer: thinking, text, refusal, tool calls.</summary>
internal static class AssistantReader
{
    private static readonly string[] Known =
    [
        "role", "content", "name", "refusal", "tool_calls", "function_call", "reasoning_content", "reasoning", "reasoning_details",
    ];

    /// <summary>The message as a turn.</summary>
    /// <param name="message">The message's object.</param>
    /// <param name="legacyCall">Takes the id made up for a legacy function call, which the next function message answers.</param>
    public static Message Read(JsonFields message, ref string? legacyCall) =>
        new(Role.Assistant, Parts(message, ref legacyCall), message.Text("name"), Unknown(message)) { Place = message.Place };

    /// <summary>What is said, in order.</summary>
    /// <param name="message">The message's object.</param>
    /// <param name="legacyCall">Takes the id made up for a legacy function call.</param>
    /// <param name="answerId">The answer's id, which ids of tool calls are made from where the server has none.</param>
    public static IReadOnlyList<ContentPart> Parts(JsonFields message, ref string? legacyCall, string? answerId = null)
    {
        var parts = new List<ContentPart>(2);
        ReasoningParts.Read(message, parts);
        if (message.TryGet("content", out _))
        {
            parts.AddRange(PartReader.ReadAll(message, "content"));
        }

        if (message.Text("refusal") is { Length: > 0 } refusal)
        {
            parts.Add(new RefusalPart(refusal));
        }

        var index = 0;
        foreach (var call in message.List("tool_calls")?.EnumerateArray() ?? default)
        {
            var item = JsonFields.Item(call, message, "tool_calls", index);
            parts.Add(Call(item, index++, answerId).Placed(item.Place));
        }

        if (message.Object("function_call") is { } function)
        {
            var name = function.RequiredText("name", "the function's name");

            // The message's place tells calls of one name apart, and stays the same from turn to turn.
            legacyCall = ToolCallIds.MakeUp(answerId is { Length: > 0 } ? answerId : message.At("function_call"), 0);
            parts.Add(new ToolCallPart(legacyCall, name, Arguments(function), Extras.Within("function_call.", function.Unknown(OpenAIChatFormat.FormatName, ["name", "arguments"]))) { Place = message.Place, IsIdMadeUp = true });
        }

        parts.Placed(0, message.Place);
        return parts;
    }

    /// <summary>Fields of the message that we do not know and that are not null.</summary>
    public static Extra? Unknown(JsonFields message)
    {
        var extra = message.Unknown(OpenAIChatFormat.FormatName, Known);
        if (extra is null)
        {
            return null;
        }

        var fields = new List<KeyValuePair<string, string>>(extra.Fields.Count);
        foreach (var field in extra.Fields)
        {
            if (field.Value is not ("null" or "[]"))
            {
                fields.Add(field);
            }
        }

        return fields.Count == 0 ? null : new Extra(extra.Format, fields);
    }

    private static ContentPart Call(JsonFields call, int index, string? answerId)
    {
        var type = call.Text("type") is { Length: > 0 } word ? word : "function";
        var given = call.Text("id") is { Length: > 0 } sent ? sent : null;
        var id = given ?? ToolCallIds.MakeUp(answerId, index);
        if (type is "custom" && call.Object("custom") is { } custom)
        {
            return new ToolCallPart(
                id, custom.RequiredText("name", "the tool's name"), CustomTool.Wrap(custom.Text("input") ?? ""),
                Extras.Join(call.Unknown(OpenAIChatFormat.FormatName, ["id", "type", "custom", "index"]), Extras.Within(ToolReader.Custom, custom.Unknown(OpenAIChatFormat.FormatName, ["name", "input"])))) { IsCustom = true, IsIdMadeUp = given is null };
        }

        if (type is not "function")
        {
            return new OpaquePart(OpenAIChatFormat.FormatName, type, call.Element.GetRawText());
        }

        var function = call.Object("function") ?? throw FieldError.Missing(call.At("function"), "an object with name and arguments");
        var seal = CallSeal.Read(call.Element);
        var extra = Extras.Join(
            call.Unknown(OpenAIChatFormat.FormatName, seal is null ? ["id", "type", "function", "index"] : ["id", "type", "function", "index", CallSeal.Field]),
            Extras.Within(ToolReader.Inner, function.Unknown(OpenAIChatFormat.FormatName, ["name", "arguments"])));

        return new ToolCallPart(id, function.RequiredText("name", "the function's name"), Arguments(function), extra) { Signature = seal, IsIdMadeUp = given is null };
    }

    private static string Arguments(JsonFields function)
    {
        if (!function.TryGet("arguments", out var arguments))
        {
            return "{}";
        }

        // Text by the format; an object from servers that mean well.
        return arguments.ValueKind == JsonValueKind.Object ? arguments.GetRawText()
            : JsonFields.Text(arguments, function.At("arguments")) is { Length: > 0 } text ? text
            : "{}";
    }
}
