using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Writes <c>instructions</c> and <c>input</c>: turns become a flat list of items.</summary>
internal sealed class ResponsesInputWriter(Utf8JsonWriter writer, ChatRequest request, WireQuirks quirks, ICollection<Warning> warnings)
{
    private readonly ResponsesPartWriter parts = new(writer, quirks, warnings);

    // Calls that still wait for their results, in order.
    private readonly List<(string Id, bool Custom)> open = [];

    /// <summary>Writes both.</summary>
    /// <param name="instructions">Words that stand in for what the target cannot be told otherwise; null for none.</param>
    public void Write(string? instructions)
    {
        var system = request.SystemInstructions;
        var isPlain = system.All(static part => part is TextPart && !(ResponsesItemExtra.IsOwn(part.Extra) && part.Extra!.Fields.Count > 0));
        var text = isPlain ? string.Join("\n\n", system.OfType<TextPart>().Select(static part => part.Text)) : "";
        text = instructions is null ? text : text.Length == 0 ? instructions : $"{text}\n\n{instructions}";
        if (text.Length > 0)
        {
            writer.WriteString("instructions", text);
        }

        writer.WriteStartArray("input");
        if (isPlain)
        {
            foreach (var part in system)
            {
                Extras.Warn(part.Extra, part.Place.Or("system"), warnings);
            }
        }
        else
        {
            Message("system", system, null, null, "system");
        }

        var messages = AnsweredCalls.Arrange(request.Messages);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            Write(message, message.Place.Or(new("", "messages", i)));
        }

        CloseCalls(messages[^1].Place.Or("messages"));
        writer.WriteEndArray();
    }

    private void Write(Message message, FieldPath path)
    {
        if (message.Role is Role.User or Role.System)
        {
            foreach (var part in message.Parts)
            {
                // Formats that let the user bring tool results are split by their readers; one that is left is still answered.
                if (part is ToolCallResponsePart result)
                {
                    Result(result, path);
                }
            }

            CloseCalls(path);
            Message(message.Role == Role.System ? "system" : "user", message.Parts, message.Name, message.Extra, path);
            return;
        }

        if (message.Role == Role.Assistant)
        {
            CloseCalls(path);
        }

        for (var at = 0; at < message.Parts.Count;)
        {
            at = Item(message, at, path);
        }

        Extras.Warn(message.Extra, path, warnings);
        if (message.Role == Role.Assistant)
        {
            Lost(message.Name, path);
        }
    }

    // Writes the item that begins at a part, and returns the first part behind it.
    private int Item(Message message, int at, FieldPath path)
    {
        switch (message.Parts[at])
        {
            case TextPart or RefusalPart:
                return Said(message.Parts, at, path);
            case ReasoningPart thinking:
                Thinking(thinking);
                break;
            case ToolCallPart call:
                Call(call, path);
                break;
            case ToolCallResponsePart result:
                Result(result, path);
                break;
            case var other:
                parts.Opaque(other, path);
                break;
        }

        return at + 1;
    }

    // Parts in a row are one message, unless they were several in this very format.
    private int Said(IReadOnlyList<ContentPart> all, int from, FieldPath path)
    {
        var to = from + 1;
        while (to < all.Count && all[to] is TextPart or RefusalPart && ResponsesItemExtra.MessageOf(all[to].Extra) is null)
        {
            to++;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        ResponsesFields.Write(ResponsesItemExtra.MessageOf(all[from].Extra), writer);
        writer.WriteStartArray("content");
        for (var i = from; i < to; i++)
        {
            parts.Said(all[i], path);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        return to;
    }

    private void Message(string role, IReadOnlyList<ContentPart> content, string? name, Extra? extra, FieldPath path)
    {
        if (content.Count > 0 && content.All(static part => part is ToolCallResponsePart))
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "message");
        writer.WriteString("role", role);
        if (content is [TextPart { Extra: null } text])
        {
            writer.WriteString("content", text.Text);
        }
        else
        {
            parts.List("content", content, path);
        }

        ResponsesItemExtra.Write(extra, path, writer, warnings);
        writer.WriteEndObject();
        Lost(name, path);
    }

    private void Lost(string? name, FieldPath path)
    {
        if (name is not null)
        {
            warnings.Add(new Warning("dropped", $"{path}.name", "speakers have no names in the target's wire format"));
        }
    }

    private void Thinking(ReasoningPart part)
    {
        var isOurs = string.Equals(request.Format, OpenAIResponsesFormat.FormatName, StringComparison.Ordinal);
        var vendor = part.Vendor ?? (isOurs ? Seals.OpenAI : null);
        var seal = part.Signature ?? part.Redacted;
        if (!string.Equals(vendor, Seals.OpenAI, StringComparison.Ordinal) || (seal is null && (part.Id is null || IsMadeUp(part.Id))))
        {
            LostThinking.Warn(part, warnings);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "reasoning");
        if (part.Id is { } id && !IsMadeUp(id))
        {
            writer.WriteString("id", id);
        }

        if (!ResponsesItemExtra.IsOwn(part.Extra) || Extras.Find(part.Extra, ResponsesItemReader.Summary) is null)
        {
            ResponsesFields.WriteSummary(part.Text, writer);
        }

        if (seal is not null)
        {
            writer.WriteString("encrypted_content", seal);
        }

        ResponsesItemExtra.Write(part.Extra, part.Place.Or("reasoning"), writer, warnings);
        writer.WriteEndObject();
    }

    private static bool IsMadeUp(string id) => id.StartsWith(ResponsesIds.OwnThinking, StringComparison.Ordinal);

    private void Call(ToolCallPart call, FieldPath path)
    {
        path = call.Place.Or(path);
        var custom = call.IsCustom && quirks.CustomTools;
        open.Add((call.Id, custom));
        writer.WriteStartObject();
        writer.WriteString("type", custom ? "custom_tool_call" : "function_call");
        writer.WriteString("call_id", ResponsesIds.Call(call.Id));
        writer.WriteString("name", call.Name);
        writer.WriteString(custom ? CustomTool.Input : "arguments", custom ? CustomTool.Unwrap(call.Arguments) : call.Arguments);
        ResponsesItemExtra.Write(call.Extra, path, writer, warnings);
        writer.WriteEndObject();
    }

    private void Result(ToolCallResponsePart result, FieldPath path)
    {
        path = result.Place.Or(path);
        var at = open.FindIndex(call => string.Equals(call.Id, result.Id, StringComparison.Ordinal));
        if (at < 0)
        {
            // A result that no call waits for is refused by this format; the model should still see it.
            warnings.Add(new Warning("emulated", path.ToString(), $"the result of '{result.Id}' follows no call of it; it was sent as a user message"));
            Message("user", result.Parts, null, null, path);
            return;
        }

        if (result.IsError)
        {
            warnings.Add(new Warning("dropped", $"{path}.is_error", "this format has no mark for a failed tool; its text says so"));
        }

        writer.WriteStartObject();
        writer.WriteString("type", OutputOf(open[at].Custom));
        open.RemoveAt(at);
        writer.WriteString("call_id", ResponsesIds.Call(result.Id));
        parts.Output(result.Parts, path);
        ResponsesItemExtra.Write(result.Extra, path, writer, warnings);
        writer.WriteEndObject();
    }

    // Every call must be answered.
    private void CloseCalls(FieldPath path)
    {
        foreach (var (id, custom) in open)
        {
            warnings.Add(new Warning("emulated", path.ToString(), $"no result of the tool call '{id}' is given; an empty one was sent"));
            writer.WriteStartObject();
            writer.WriteString("type", OutputOf(custom));
            writer.WriteString("call_id", ResponsesIds.Call(id));
            writer.WriteString("output", "(no result)");
            writer.WriteEndObject();
        }

        open.Clear();
    }

    private static string OutputOf(bool custom) => custom ? "custom_tool_call_output" : "function_call_output";
}
