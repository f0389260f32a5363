using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.Ollama;

/// <summary>Writes messages: one text, pictures as bytes, calls as objects.</summary>
internal static class OllamaMessageWriter
{
    private const string Format = OllamaFormat.FormatName;

    /// <summary>Writes <c>messages</c>.</summary>
    public static void Chat(ChatRequest request, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        writer.WriteStartArray("messages"u8);
        if (request.SystemInstructions.Count > 0)
        {
            Write("system", request.SystemInstructions, null, "system", request, writer, warnings);
        }

        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            var path = message.Place.Or(new("", "messages", i));
            SpeakerName.Warn(message, warnings);
            if (message.Role == Role.Tool)
            {
                foreach (var part in message.Parts)
                {
                    Result(part, names, path, writer, warnings);
                }

                Extras.Warn(message.Extra, path, warnings);

                continue;
            }

            foreach (var call in message.Parts.OfType<ToolCallPart>())
            {
                names[call.Id] = call.Name;
            }

            var role = message.Role switch { Role.System => "system", Role.Assistant => "assistant", _ => "user" };
            Write(role, message.Parts, message.Extra, path, request, writer, warnings);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a conversation as a prompt: its last turn, with what stood before told in words.</summary>
    public static void Prompt(ChatRequest request, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (request.SystemInstructions.Count > 0)
        {
            writer.WriteString("system"u8, Text(request.SystemInstructions));
        }

        var lines = request.Messages.Select(message => request.Messages.Count == 1 ? Text(message.Parts) : $"{message.Role}: {Text(message.Parts)}");
        writer.WriteString("prompt"u8, string.Join("\n\n", lines));
        if (request.Messages.Count > 1)
        {
            warnings.Add(new Warning("emulated", "messages", "a completion has one prompt; the turns are told in it"));
        }

        Images([.. request.Messages.SelectMany(message => message.Parts)], writer);
    }

    private static void Write(
        string role, IReadOnlyList<ContentPart> parts, Extra? extra, FieldPath path, ChatRequest request, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, role);
        writer.WriteString("content"u8, Text(parts));
        Thinking(parts, request, writer, warnings);
        Images(parts, writer);
        Calls(parts, writer, warnings);
        foreach (var part in parts)
        {
            Lose(part, path, warnings);
        }

        Extras.Write(extra, writer, Format, path, warnings);
        writer.WriteEndObject();
    }

    private static void Result(ContentPart part, Dictionary<string, string> names, FieldPath path, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (part is not ToolCallResponsePart result)
        {
            Lose(part, path, warnings);
            return;
        }

        path = result.Place.Or(path);
        writer.WriteStartObject();
        writer.WriteString("role"u8, "tool"u8);
        writer.WriteString("content"u8, Text(result.Parts));
        writer.WriteString("tool_name"u8, names.GetValueOrDefault(result.Id, result.Id));
        writer.WriteString("tool_call_id"u8, result.Id);
        Images(result.Parts, writer);
        Extras.Write(result.Extra, writer, Format, path, warnings);
        writer.WriteEndObject();
        if (result.IsError)
        {
            warnings.Add(new Warning("dropped", $"{path}.is_error", "this format has no mark for a failed tool; its text says so"));
        }

        foreach (var inner in result.Parts)
        {
            Lose(inner, path, warnings);
        }
    }

    private static string Text(IReadOnlyList<ContentPart> parts)
    {
        var text = default(JoinedText);
        foreach (var part in parts)
        {
            text.Add((part as TextPart)?.Text ?? (part as RefusalPart)?.Text);
        }

        return text.Text ?? "";
    }

    // Thinking goes back as text where nobody has sealed it; a seal means nothing to a model that runs here.
    private static void Thinking(IReadOnlyList<ContentPart> parts, ChatRequest request, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var thinking = default(JoinedText);
        foreach (var part in parts)
        {
            thinking.Add((part as ReasoningPart)?.Text);
        }

        if (thinking.Text is not { } thought)
        {
            return;
        }

        if (string.Equals(request.Format, Format, StringComparison.Ordinal))
        {
            writer.WriteString("thinking"u8, thought);
        }
        else
        {
            LostThinking.Warn(parts.OfType<ReasoningPart>().First(), warnings, "another model's thinking is not sent");
        }
    }

    private static void Images(IReadOnlyList<ContentPart> parts, Utf8JsonWriter writer)
    {
        var any = false;
        foreach (var part in parts)
        {
            if (part is not BlobPart image || MediaType.Kind(image.MediaType) != MediaKind.Image)
            {
                continue;
            }

            if (!any)
            {
                any = true;
                writer.WriteStartArray("images"u8);
            }

            BlobWriter.Write(writer, image.Data);
        }

        if (any)
        {
            writer.WriteEndArray();
        }
    }

    /// <summary>Writes <c>tool_calls</c>, where there are any.</summary>
    public static void Calls(IReadOnlyList<ContentPart> parts, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var any = false;
        foreach (var part in parts)
        {
            if (part is not ToolCallPart call)
            {
                continue;
            }

            if (!any)
            {
                any = true;
                writer.WriteStartArray("tool_calls"u8);
            }

            writer.WriteStartObject();
            writer.WriteString("id"u8, call.Id);
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, call.Name);
            writer.WritePropertyName("arguments"u8);
            ToolArguments.Write(call, writer, warnings);
            Extras.WriteInner(call.Extra, ToolReader.Inner, writer, Format);
            writer.WriteEndObject();
            Extras.Write(call.Extra, writer, Format, call.Place.Or("tool_calls"), warnings, ToolReader.Inner);
            writer.WriteEndObject();
        }

        if (any)
        {
            writer.WriteEndArray();
        }
    }

    private static void Lose(ContentPart part, FieldPath path, ICollection<Warning> warnings)
    {
        var place = part.Place.Or(path);
        switch (part)
        {
            case BlobPart blob when MediaType.Kind(blob.MediaType) != MediaKind.Image:
                warnings.Add(new Warning("dropped", place.ToString(), $"the target reads pictures only, no {blob.MediaType}"));
                break;
            case UriPart:
                warnings.Add(new Warning("dropped", place.ToString(), "the target does not fetch media by address"));
                break;
            case FilePart:
                warnings.Add(new Warning("dropped", place.ToString(), "a file that was uploaded to another vendor is not there"));
                break;
            case OpaquePart opaque:
                warnings.Add(new Warning("dropped", place.ToString(), $"the target's wire format has no part like '{opaque.Type}'"));
                break;
            case TextPart or RefusalPart or BlobPart when part.Extra is { } extra:
                Extras.Warn(extra, place, warnings);
                break;
        }
    }
}
