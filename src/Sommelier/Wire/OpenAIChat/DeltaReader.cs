using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// Reads the <c>delta</c> objects of one streamed answer: counts its parts, follows its tool calls through every
/// server's habits, and keeps characters whole that a server cut in two.
/// </summary>
internal sealed class DeltaReader
{
    private readonly ToolCallTracker tools = new();
    private int next;
    private Kind current;
    private char half;
    private bool plainThinking;
    private string? detailText;
    private string? signature;
    private string? sealFormat;
    private string? sealId;
    private string? redacted;

    private enum Kind
    {
        None,
        Text,
        Thinking,
        Refusal,
        Tool,
    }

    /// <summary>The answer's id, which ids of tool calls are made from where the server has none.</summary>
    public string? AnswerId { get; set; }

    /// <summary>Whether a tool call was begun.</summary>
    public bool HasToolCall => tools.Count > 0;

    /// <summary>A delta begins.</summary>
    public void Begin()
    {
        plainThinking = false;
        detailText = signature = redacted = sealFormat = sealId = null;
    }

    /// <summary>Reads the member at whose name the reader stands, and leaves it at the value's last token.</summary>
    public void Member(ref Utf8JsonReader json, ICollection<ChatDelta> output)
    {
        if (json.ValueTextEquals("content"u8) || json.ValueTextEquals("text"u8))
        {
            json.Read();
            Content(ref json, output);
        }
        else if (json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8))
        {
            json.Read();
            if (json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0 && !plainThinking)
            {
                plainThinking = true;
                Text(Kind.Thinking, ref json, output);
            }

            json.Skip();
        }
        else if (json.ValueTextEquals("reasoning_details"u8))
        {
            json.Read();
            Details(ref json);
        }
        else if (json.ValueTextEquals("refusal"u8))
        {
            json.Read();
            Text(Kind.Refusal, ref json, output);
            json.Skip();
        }
        else if (json.ValueTextEquals("tool_calls"u8))
        {
            json.Read();
            ToolCalls(ref json, output);
        }
        else if (json.ValueTextEquals("function_call"u8))
        {
            json.Read();
            ToolCall(ref json, legacy: true, output);
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    /// <summary>The delta ends: what its members say together is said.</summary>
    public void Done(ICollection<ChatDelta> output)
    {
        var text = plainThinking ? "" : detailText ?? "";
        if (text.Length > 0 || signature is not null || redacted is not null)
        {
            output.Add(new ReasoningDelta(Part(Kind.Thinking, output), text, signature, redacted) { Vendor = SealFormats.Vendor(sealFormat), Id = sealId });
        }
    }

    /// <summary>The answer ends: half of a character that was held back is given up.</summary>
    public void Flush(ICollection<ChatDelta> output)
    {
        if (half != default)
        {
            half = default;
            Add("\ufffd", output);
        }

        tools.Flush(this, output);
    }

    /// <summary>A new part for a tool call.</summary>
    public int NewToolPart(ICollection<ChatDelta> output)
    {
        GiveUpHalf(output);
        current = Kind.Tool;
        return next++;
    }

    /// <summary>The part of text that is being said, or else a new one.</summary>
    public int TextPart(ICollection<ChatDelta> output) => Part(Kind.Text, output);

    private int Part(Kind kind, ICollection<ChatDelta> output)
    {
        if (current != kind)
        {
            GiveUpHalf(output);
            current = kind;
            next++;
        }

        return next - 1;
    }

    private void GiveUpHalf(ICollection<ChatDelta> output)
    {
        if (half != default)
        {
            half = default;
            Add("\ufffd", output);
        }
    }

    private void Text(Kind kind, ref Utf8JsonReader json, ICollection<ChatDelta> output)
    {
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.IsEmpty)
        {
            return;
        }

        Part(kind, output);
        var text = JsonText.Tolerant(ref json);
        if (half != default)
        {
            text = half + text;
            half = default;
        }

        // Some servers cut an emoji between its two escapes.
        if (char.IsHighSurrogate(text[^1]))
        {
            half = text[^1];
            text = text[..^1];
        }

        if (text.Length > 0)
        {
            Add(text, output);
        }
    }

    private void Add(string text, ICollection<ChatDelta> output)
    {
        ChatDelta? delta = current switch
        {
            Kind.Text => new TextDelta(next - 1, text),
            Kind.Thinking => new ReasoningDelta(next - 1, text),
            Kind.Refusal => new RefusalDelta(next - 1, text),
            _ => null,
        };
        if (delta is not null)
        {
            output.Add(delta);
        }
    }

    // A string, or Mistral's list of text and thinking.
    private void Content(ref Utf8JsonReader json, ICollection<ChatDelta> output)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            Text(Kind.Text, ref json, output);
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var kind = Kind.Text;
            var start = json;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                kind = json.ValueTextEquals("thinking"u8) ? Kind.Thinking : kind;
                json.Read();
                json.Skip();
            }

            var end = json.BytesConsumed;
            json = start;
            while (json.Read() && json.BytesConsumed < end)
            {
                if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("text"u8))
                {
                    json.Read();
                    Text(kind, ref json, output);
                }
            }
        }
    }

    private void Details(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }

        var depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isText = json.ValueTextEquals("text"u8) || json.ValueTextEquals("summary"u8);
            var isSignature = json.ValueTextEquals("signature"u8);
            var isData = json.ValueTextEquals("data"u8);
            var isFormat = json.ValueTextEquals("format"u8);
            var isId = json.ValueTextEquals("id"u8);
            json.Read();
            if (json.TokenType != JsonTokenType.String)
            {
                continue;
            }

            if (isText)
            {
                detailText += JsonText.Tolerant(ref json);
            }
            else if (isSignature)
            {
                signature = JsonText.Tolerant(ref json);
            }
            else if (isData)
            {
                redacted = JsonText.Tolerant(ref json);
            }
            else if (isFormat)
            {
                sealFormat = JsonText.Tolerant(ref json);
            }
            else if (isId)
            {
                sealId = JsonText.Tolerant(ref json);
            }
        }
    }

    private void ToolCalls(ref Utf8JsonReader json, ICollection<ChatDelta> output)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            ToolCall(ref json, legacy: false, output);
        }
    }

    private void ToolCall(ref Utf8JsonReader json, bool legacy, ICollection<ChatDelta> output)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        var piece = ToolCallPiece.Read(ref json, legacy);
        tools.Add(piece, this, output);
    }
}
