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

        Serving(writer, usage);
        writer.WriteEndObject();
    }

    // Tiers that Anthropic has no word for are not told.
    private static void Serving(Utf8JsonWriter writer, in Usage usage)
    {
        if (usage.WebSearches > 0)
        {
            writer.WriteStartObject("server_tool_use"u8);
            writer.WriteNumber("web_search_requests"u8, usage.WebSearches);
            writer.WriteEndObject();
        }

        if (usage.ServiceTier is "fast")
        {
            writer.WriteString("speed"u8, usage.ServiceTier);
        }
        else if (usage.ServiceTier is "priority" or "batch")
        {
            writer.WriteString("service_tier"u8, usage.ServiceTier);
        }

        if (usage.InferenceGeo is { } geo)
        {
            writer.WriteString("inference_geo"u8, geo);
        }
    }
}
