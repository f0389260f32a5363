using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.LangGraph;

/// <summary>Writes a conversation in LangChain's message JSON: <c>system</c>, <c>human</c>, <c>ai</c> and <c>tool</c>.</summary>
internal sealed class LangGraphMessageWriter(Utf8JsonWriter writer, ICollection<Warning> warnings)
{

    /// <summary>Writes <c>messages</c>.</summary>
    public void Write(ChatRequest request)
    {
        writer.WriteStartArray("messages");
        if (request.SystemInstructions.Count > 0)
        {
            Open("system");
            WriteContent(request.SystemInstructions, "system");
            writer.WriteEndObject();
        }

        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            Write(message, message.Place.Or(new("", "messages", i)));
        }

        writer.WriteEndArray();
    }

    private void Write(Message message, FieldPath path)
    {
        foreach (var part in message.Parts)
        {
            if (part is ToolCallResponsePart result)
            {
                WriteResult(result, result.Place.Or(path));
            }
        }

        if (message.Role == Role.Tool || (message.Parts.Count > 0 && message.Parts.All(static part => part is ToolCallResponsePart)))
        {
            return;
        }

        Open(message.Role switch { Role.System => "system", Role.Assistant => "ai", _ => "human" });
        WriteContent(message.Parts, path);
        if (message.Role == Role.Assistant)
        {
            WriteCalls(message.Parts, path);
        }

        if (message.Name is { } name)
        {
            writer.WriteString("name", name);
        }

        Extras.Warn(message.Extra, path, warnings);
        writer.WriteEndObject();
    }

    private void Open(string type)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
    }

    private void WriteResult(ToolCallResponsePart result, FieldPath path)
    {
        Open("tool");
        WriteContent(result.Parts, path);
        writer.WriteString("tool_call_id", result.Id);
        writer.WriteString("status", result.IsError ? "error" : "success");
        Extras.Warn(result.Extra, path, warnings);
        writer.WriteEndObject();
    }

    // A string where that says everything: many graphs look at nothing else.
    private void WriteContent(IReadOnlyList<ContentPart> parts, FieldPath path)
    {
        if (parts.Any(static part => IsImage(part)))
        {
            writer.WriteStartArray("content");
            for (var i = 0; i < parts.Count; i++)
            {
                WritePart(parts[i], parts[i].Place.Or(path));
            }

            writer.WriteEndArray();
            return;
        }

        var text = new StringBuilder();
        for (var i = 0; i < parts.Count; i++)
        {
            if (Text(parts[i], parts[i].Place.Or(path)) is { } piece)
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(piece);
            }
        }

        writer.WriteString("content", text.ToString());
    }

    private static bool IsImage(ContentPart part) => part is UriPart { Kind: MediaKind.Image }
        || (part is BlobPart blob && blob.MediaType.StartsWith("image/", StringComparison.Ordinal));

    private void WritePart(ContentPart part, FieldPath path)
    {
        if (!IsImage(part))
        {
            if (Text(part, path) is { } text)
            {
                Open("text");
                writer.WriteString("text", text);
                writer.WriteEndObject();
            }

            return;
        }

        Open("image_url");
        writer.WriteStartObject("image_url");
        if (part is BlobPart blob)
        {
            BlobWriter.WriteDataUrl(writer, "url"u8, blob.MediaType, blob.Data);
        }
        else
        {
            writer.WriteString("url", ((UriPart)part).Uri);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        Extras.Warn(part.Extra, path, warnings);
    }

    // The text of a part; null, with a warning where something is lost, for one that has none.
    private string? Text(ContentPart part, FieldPath path)
    {
        switch (part)
        {
            case TextPart text:
                Extras.Warn(text.Extra, path, warnings);
                return text.Text;
            case RefusalPart refusal:
                return refusal.Text;
            case ToolCallPart or ToolCallResponsePart:
                return null;
            case ReasoningPart thinking:
                LostThinking.Warn(thinking, warnings, "a graph keeps no thinking of another model");
                return null;
            default:
                warnings.Add(new Warning("dropped", path.ToString(), "a graph's messages hold text and images only"));
                return null;
        }
    }

    private void WriteCalls(IReadOnlyList<ContentPart> parts, FieldPath path)
    {
        writer.WriteStartArray("tool_calls");
        foreach (var part in parts)
        {
            if (part is not ToolCallPart call)
            {
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("name", call.Name);
            writer.WritePropertyName("args");
            if (IsObject(call.Arguments))
            {
                writer.WriteRawValue(call.Arguments, skipInputValidation: true);
            }
            else
            {
                warnings.Add(new Warning("dropped", call.Place.Or(path.At("tool_calls")).ToString(), "the arguments of a call are not a JSON object"));
                writer.WriteStartObject();
                writer.WriteEndObject();
            }

            writer.WriteString("id", call.Id);
            writer.WriteString("type", "tool_call");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static bool IsObject(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
