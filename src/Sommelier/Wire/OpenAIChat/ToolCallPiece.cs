using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>What one delta says of a tool call; each field may be missing, null or empty.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ToolCallPiece
{
    /// <summary>The server's number of the call.</summary>
    public int? Index { get; private set; }

    /// <summary>The call's id; null when missing or empty.</summary>
    public string? Id { get; private set; }

    /// <summary>The tool; null when missing or empty.</summary>
    public string? Name { get; private set; }

    /// <summary>Whether a custom tool is called: the piece of the arguments is then one of its text.</summary>
    public bool IsCustom { get; private set; }

    /// <summary>A piece of the arguments; null when missing or empty.</summary>
    public string? Arguments { get; private set; }

    /// <summary>The seal on the call; null when there is none.</summary>
    public string? Signature { get; private set; }

    /// <summary>Reads the object at whose first token the reader stands.</summary>
    public static ToolCallPiece Read(ref Utf8JsonReader json, bool legacy)
    {
        var piece = legacy ? new ToolCallPiece { Index = -1 } : default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            piece.Member(ref json);
        }

        return piece;
    }

    private void Member(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("index"u8))
        {
            json.Read();
            Index = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var value) ? value : Index;
        }
        else if (json.ValueTextEquals("id"u8))
        {
            json.Read();
            Id = Text(ref json) ?? Id;
        }
        else if (json.ValueTextEquals("name"u8))
        {
            json.Read();
            Name = Text(ref json) ?? Name;
        }
        else if (json.ValueTextEquals("arguments"u8) || json.ValueTextEquals("input"u8))
        {
            json.Read();
            ReadArguments(ref json);
        }
        else if (json.ValueTextEquals("thought_signature"u8))
        {
            json.Read();
            Signature = Text(ref json) ?? Signature;
        }
        else if (json.ValueTextEquals("extra_content"u8) || json.ValueTextEquals("google"u8)
            || json.ValueTextEquals("function"u8) || json.ValueTextEquals("custom"u8))
        {
            IsCustom |= json.ValueTextEquals("custom"u8);
            json.Read();
            while (json.TokenType != JsonTokenType.Null && json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                Member(ref json);
            }

            return;
        }
        else
        {
            json.Read();
        }

        json.Skip();
    }

    // Text by the format; some servers send the finished object.
    private void ReadArguments(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            Arguments = Text(ref json) ?? Arguments;
            return;
        }

        using var document = JsonDocument.ParseValue(ref json);
        Arguments = document.RootElement.GetRawText();
    }

    private static string? Text(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0 ? JsonText.Tolerant(ref json) : null;
}
