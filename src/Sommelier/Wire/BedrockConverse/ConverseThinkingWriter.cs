using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Writes thinking, sealed or not.</summary>
internal static class ConverseThinkingWriter
{
    private const string Format = BedrockConverseFormat.FormatName;
    private const string Prefix = "reasoningContent.";
    private const string Text = "reasoningText.";

    /// <summary>Writes a block with it.</summary>
    public static void Block(ReasoningPart part, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("reasoningContent"u8);
        if (part is { Redacted: { } redacted, Vendor: null or Seals.Anthropic })
        {
            writer.WriteString("redactedContent"u8, redacted);
        }
        else
        {
            writer.WriteStartObject("reasoningText"u8);
            writer.WriteString("text"u8, part.Text);
            if (Seals.Carry(part, Seals.Anthropic) is { } seal)
            {
                writer.WriteString("signature"u8, seal);
            }

            Extras.WriteInner(part.Extra, Prefix + Text, writer, Format);
            writer.WriteEndObject();
        }

        Extras.WriteInner(part.Extra, Prefix, writer, Format, Prefix + Text);
        writer.WriteEndObject();
        Extras.Write(part.Extra, writer, Format, part.Place.Or("content"), warnings, Prefix);
        writer.WriteEndObject();
    }
}
