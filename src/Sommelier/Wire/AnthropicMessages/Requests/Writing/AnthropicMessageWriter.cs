using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes <c>system</c> and <c>messages</c>.</summary>
internal static class AnthropicMessageWriter
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>Writes the system instructions: a string where one text says it all, else blocks.</summary>
    public static void System(List<ContentPart> parts, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var texts = parts.OfType<TextPart>().Where(static text => text.Text.Length > 0).ToList();
        if (parts.Exists(static part => part is not TextPart))
        {
            warnings.Add(new Warning("dropped", "system", "system instructions are text only"));
        }

        if (texts.Count == 0)
        {
            return;
        }

        if (texts is [{ Extra: null } only])
        {
            writer.WriteString("system"u8, only.Text);
            return;
        }

        writer.WriteStartArray("system"u8);
        foreach (var text in texts)
        {
            AnthropicPartWriter.Text(text.Text, text.Extra, writer, warnings, text.Place.Or("system"));
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the conversation.</summary>
    /// <exception cref="WireException">Nothing is left of it.</exception>
    public static void Messages(
        ChatRequest request, List<AnthropicTurn> turns, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var isOwn = string.Equals(request.Format, Format, StringComparison.Ordinal);
        var blocks = new AnthropicBlockWriter(isOwn, quirks, writer, warnings);
        writer.WriteStartArray("messages"u8);
        var written = 0;
        for (var i = 0; i < turns.Count; i++)
        {
            if (blocks.IsEmpty(turns[i]))
            {
                continue;
            }

            Message(turns[i], blocks, writer, warnings);
            written++;
        }

        writer.WriteEndArray();
        if (written == 0)
        {
            throw WireException.Invalid("messages", "messages: nothing is left that the model understands. Send text.");
        }
    }

    private static void Message(
        AnthropicTurn turn, AnthropicBlockWriter blocks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, turn.Role switch { Role.Assistant => "assistant", Role.System => "system", _ => "user" });
        if (turn.Results.Count == 0 && turn.Parts is [TextPart { Extra: null } only])
        {
            writer.WriteString("content"u8, only.Text);
        }
        else
        {
            writer.WriteStartArray("content"u8);
            foreach (var result in turn.Results)
            {
                blocks.Result(result, result.Place.Or(turn.Place));
            }

            foreach (var part in turn.Parts)
            {
                blocks.Part(part, turn.Place);
            }

            writer.WriteEndArray();
        }

        foreach (var (extra, place) in turn.Extra)
        {
            Extras.Write(extra, writer, Format, place, warnings);
        }

        writer.WriteEndObject();
    }
}
