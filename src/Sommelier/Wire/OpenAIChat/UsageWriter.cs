using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Writes token counts as OpenAI counts them.</summary>
internal static class UsageWriter
{
    /// <summary>Writes the <c>usage</c> member.</summary>
    public static void Write(Usage usage, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", usage.InputTokens);
        writer.WriteNumber("completion_tokens", usage.OutputTokens);
        writer.WriteNumber("total_tokens", usage.InputTokens + usage.OutputTokens);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", usage.CacheReadInputTokens);
        if (usage.CacheCreationInputTokens > 0)
        {
            writer.WriteNumber("cache_write_tokens", usage.CacheCreationInputTokens);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", usage.ReasoningOutputTokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes the <c>sommelier</c> member with the cost, when it is known.</summary>
    public static void WriteCost(Usage usage, ReplyContext context, Utf8JsonWriter writer)
    {
        if (context.CostUsd?.Invoke(usage) is { } cost)
        {
            writer.WriteStartObject("sommelier");
            writer.WriteNumber("cost_usd", cost);
            writer.WriteEndObject();
        }
    }
}
