using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Writes thinking, sealed or not.</summary>
internal static class ConverseThinkingWriter
{
    /// <summary>Writes a block with it.</summary>
    public static void Block(ReasoningPart part, Utf8JsonWriter writer)
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

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
