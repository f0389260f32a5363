using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>What tells which tool call a streamed piece belongs to, with nothing allocated.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallHead
{
    /// <summary>The choice that makes the call.</summary>
    public int Choice { get; init; }

    /// <summary>The server's number of the call; null when it has none.</summary>
    public int? Index { get; init; }

    /// <summary>Where the id's text stands, between its quotes; empty when there is none.</summary>
    public Range Id { get; init; }

    /// <summary>Whether the piece names the tool, as the first one does.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Whether it says what kind of tool is called.</summary>
    public bool IsTyped { get; init; }

    /// <summary>Reads a list of pieces.</summary>
    /// <param name="reader">At the list's first token.</param>
    /// <param name="first">The first piece.</param>
    /// <returns>How many there are.</returns>
    public static int ReadAll(Utf8JsonReader reader, out CallHead first)
    {
        first = default;
        var count = 0;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return count;
        }

        for (; reader.Read() && reader.TokenType == JsonTokenType.StartObject; count++)
        {
            if (count == 0)
            {
                first = Read(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return count;
    }

    /// <summary>Reads one piece and leaves the reader at its last token.</summary>
    public static CallHead Read(ref Utf8JsonReader reader)
    {
        var head = default(CallHead);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                head = head with { Index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) ? index : null };
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex + 1;
                head = head with { Id = IsText(ref reader) ? start..(start + reader.ValueSpan.Length) : default };
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                head = head with { IsTyped = IsText(ref reader) };
            }
            else if (reader.ValueTextEquals("function"u8) || reader.ValueTextEquals("custom"u8))
            {
                reader.Read();
                head = head with { IsNamed = HasName(ref reader) };
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        return head;
    }

    private static bool HasName(ref Utf8JsonReader reader)
    {
        var has = false;
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8);
            reader.Read();
            has |= isName && IsText(ref reader);
            reader.Skip();
        }

        return has;
    }

    private static bool IsText(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0;
}
