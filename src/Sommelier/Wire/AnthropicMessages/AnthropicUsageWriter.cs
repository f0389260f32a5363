using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes token counts of any origin as Anthropic reports them.</summary>
internal static class AnthropicUsageWriter
{
    /// <summary>Writes the object, without its name.</summary>
    public static void Write(Utf8JsonWriter writer, Usage usage)
    {
        writer.WriteStartObject();
        var cached = usage.CacheReadInputTokens + usage.CacheCreationInputTokens;
        writer.WriteNumber("input_tokens"u8, Math.Max(0, usage.InputTokens - cached));
        writer.WriteNumber("cache_creation_input_tokens"u8, usage.CacheCreationInputTokens);
        writer.WriteNumber("cache_read_input_tokens"u8, usage.CacheReadInputTokens);
        if (usage.CacheCreationInputTokens > 0)
        {
            writer.WriteStartObject("cache_creation"u8);
            writer.WriteNumber("ephemeral_5m_input_tokens"u8, usage.CacheCreationInputTokens - usage.CacheCreation1hInputTokens);
            writer.WriteNumber("ephemeral_1h_input_tokens"u8, usage.CacheCreation1hInputTokens);
            writer.WriteEndObject();
        }

        writer.WriteNumber("output_tokens"u8, usage.OutputTokens);
        if (usage.ReasoningOutputTokens > 0)
        {
            writer.WriteStartObject("output_tokens_details"u8);
            writer.WriteNumber("thinking_tokens"u8, usage.ReasoningOutputTokens);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
