using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Writes the conversation for a target, in the order that this format demands: each call's results right after it.</summary>
internal sealed class MessageWriter(Utf8JsonWriter writer, ChatRequest request, WireQuirks quirks, ICollection<Warning> warnings)
{
    private readonly PartWriter parts = new(writer, quirks, warnings);

    // Calls that still wait for their results, in order.
    private readonly List<string> open = [];

    // Media of tool results, which this format takes only from the user.
    private readonly List<(string Id, ContentPart Part, FieldPath Path)> media = [];

    /// <summary>Writes <c>messages</c>.</summary>
    /// <param name="instructions">Words that stand in for what the target cannot be told otherwise; null for none.</param>
    public void Write(string? instructions)
    {
        writer.WriteStartArray("messages");
        WriteSystem(instructions);
        var messages = AnsweredCalls.Arrange(request.Messages);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            var path = message.Place.Or(new("", "messages", i));
            if (message.Role != Role.Tool)
            {
                CloseCalls(path);
            }

            Write(message, path);
        }

        CloseMedia();
        writer.WriteEndArray();
    }

    private void WriteSystem(string? instructions)
    {
        if (request.SystemInstructions.Count == 0 && instructions is null)
        {
            return;
        }

        Open("system");
        if (instructions is null && PartWriter.NeedsList(request.SystemInstructions))
        {
            parts.WriteList("content", request.SystemInstructions, "system");
        }
        else
        {
            var text = parts.Join(request.SystemInstructions, "\n\n", "system");
            writer.WriteString("content", instructions is null ? text : text.Length == 0 ? instructions : $"{text}\n\n{instructions}");
        }

        writer.WriteEndObject();
    }

    private void Write(Message message, FieldPath path)
    {
        switch (message.Role)
        {
            case Role.Assistant:
                WriteAssistant(message, path);
                break;
            case Role.Tool:
                foreach (var part in message.Parts)
                {
                    WriteResult(part, message.Name, path);
                }

                Extras.Warn(message.Extra, path, warnings);

                break;
            default:
                WritePlain(message, path);
                break;
        }
    }

    private void Open(string role)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
    }

    private void Close(Message message, FieldPath path)
    {
        if (message.Name is not null)
        {
            writer.WriteString("name", message.Name);
        }

        Extras.Write(message.Extra, writer, OpenAIChatFormat.FormatName, path, warnings);
        writer.WriteEndObject();
    }

    private void WritePlain(Message message, FieldPath path)
    {
        foreach (var part in message.Parts)
        {
            // Formats that let the user bring tool results are split by their readers; one that is left is still answered.
            if (part is ToolCallResponsePart)
            {
                WriteResult(part, null, path);
            }
        }

        CloseMedia();
        Open(message.Role == Role.System ? "system" : "user");
        parts.WriteContent(message.Parts, path);
        Close(message, path);
    }

    private void WriteAssistant(Message message, FieldPath path)
    {
        Open("assistant");
        var calls = message.Parts.Any(static part => part is ToolCallPart);
        parts.WriteAnswer(message.Parts, path, calls);
        AssistantThinking.Write(message.Parts, path, request.Format, quirks, writer, warnings);
        if (calls)
        {
            WriteCalls(message.Parts, path);
        }

        Close(message, path);
    }

    private void WriteCalls(IReadOnlyList<ContentPart> all, FieldPath path)
    {
        writer.WriteStartArray("tool_calls");
        foreach (var part in all)
        {
            if (part is ToolCallPart call)
            {
                open.Add(call.Id);
                writer.WriteStartObject();
                writer.WriteString("id", ToolCallIds.For(call.Id, quirks));
                CallWriter.Write(call, call.IsCustom && quirks.CustomTools, writer);
                Extras.Write(call.Extra, writer, OpenAIChatFormat.FormatName, call.Place.Or(path), warnings, ToolReader.Inner, ToolReader.Custom);
                if (string.Equals(request.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal))
                {
                    // Whoever sends it in this form speaks to a target that gave it in this form.
                    CallSeal.Write(call.Signature, writer);
                }

                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    private void WriteResult(ContentPart part, string? name, FieldPath path)
    {
        if (part is not ToolCallResponsePart result)
        {
            parts.Lost(part, path);
            return;
        }

        path = part.Place.Or(path);
        if (!open.Remove(result.Id))
        {
            // A result that no call waits for is refused by this format; the model should still see it.
            warnings.Add(new Warning("emulated", path.ToString(), $"the result of '{result.Id}' follows no call of it; it was sent as a user message"));
            Open("user");
            writer.WriteString("content", parts.JoinResult(result, path, media));
            writer.WriteEndObject();
            return;
        }

        Open("tool");
        writer.WriteString("tool_call_id", ToolCallIds.For(result.Id, quirks));
        if (result.IsError)
        {
            warnings.Add(new Warning("dropped", $"{path}.is_error", "this format has no mark for a failed tool; its text says so"));
        }

        if (PartWriter.NeedsList(result.Parts) && result.Parts.All(static piece => piece is TextPart))
        {
            parts.WriteList("content", result.Parts, path);
        }
        else
        {
            writer.WriteString("content", parts.JoinResult(result, path, media));
        }

        if (name is not null)
        {
            writer.WriteString("name", name);
        }

        Extras.Write(result.Extra, writer, OpenAIChatFormat.FormatName, path, warnings);
        writer.WriteEndObject();
    }

    // Every call must be answered before anyone else speaks.
    private void CloseCalls(FieldPath path)
    {
        foreach (var id in open)
        {
            warnings.Add(new Warning("emulated", path.ToString(), $"no result of the tool call '{id}' is given; an empty one was sent"));
            Open("tool");
            writer.WriteString("tool_call_id", ToolCallIds.For(id, quirks));
            writer.WriteString("content", "(no result)");
            writer.WriteEndObject();
        }

        open.Clear();
        CloseMedia();
    }

    private void CloseMedia()
    {
        if (media.Count == 0)
        {
            return;
        }

        Open("user");
        writer.WriteStartArray("content");
        foreach (var (id, part, path) in media)
        {
            warnings.Add(new Warning("emulated", path.ToString(), "a tool's media was moved into a user message"));
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("text", $"Result of the tool call {ToolCallIds.For(id, quirks)}:");
            writer.WriteEndObject();
            parts.Write(part, path);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        media.Clear();
    }
}
