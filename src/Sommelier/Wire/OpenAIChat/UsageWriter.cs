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

        WriteAudio(usage.InputAudioTokens, writer);

        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", usage.ReasoningOutputTokens);
        WriteAudio(usage.OutputAudioTokens, writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes the <c>sommelier</c> member with the cost, when it is known, and the seam of an answer that two deployments made.</summary>
    public static void WriteCost(Usage usage, ReplyContext context, Utf8JsonWriter writer)
    {
        var cost = context.CostUsd?.Invoke(usage);
        var seam = context.Seam?.Invoke();
        if (cost is null && seam is null)
        {
            return;
        }

        writer.WriteStartObject("sommelier");
        if (cost is { } usd)
        {
            writer.WriteNumber("cost_usd", usd);
        }

        if (seam is not null)
        {
            writer.WriteStartObject("continued_after_break");
            writer.WriteString("from", seam.From);
            writer.WriteString("to", seam.To);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteAudio(long tokens, Utf8JsonWriter writer)
    {
        if (tokens > 0)
        {
            writer.WriteNumber("audio_tokens", tokens);
        }
    }
}
