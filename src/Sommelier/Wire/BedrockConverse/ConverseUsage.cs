using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Bedrock's token counts: the input excludes what was read from and written to a cache.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ConverseUsage
{
    private long input;
    private long output;
    private long read;
    private long written;
    private long writtenForAnHour;
    private string? tier;
    private bool reported;

    /// <summary>The counts of an answer, or of a stream's <c>metadata</c>, with how the call was served, which stands beside them; null when none are reported.</summary>
    /// <param name="answer">A JSON object.</param>
    public static Usage? Of(ReadOnlySpan<byte> answer)
    {
        var counts = default(ConverseUsage);
        var json = new Utf8JsonReader(answer, JsonLimits.Reader);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("usage"u8))
            {
                json.Read();
                counts.Read(ref json);
            }
            else if (json.ValueTextEquals("serviceTier"u8))
            {
                json.Read();
                counts.tier = ServiceTiers.Inside(ref json, "type"u8) ?? counts.tier;
            }
            else if (json.ValueTextEquals("performanceConfig"u8))
            {
                json.Read();
                counts.tier ??= ServiceTiers.Inside(ref json, "latency"u8);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return counts.reported ? counts.Value : null;
    }

    private readonly Usage Value => new()
    {
        InputTokens = input + read + written,
        CacheReadInputTokens = read,
        CacheCreationInputTokens = written,
        CacheCreation1hInputTokens = Math.Min(writtenForAnHour, written),
        OutputTokens = output,
        ServiceTier = tier,
    };

    private void Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("inputTokens"u8))
            {
                Count(ref json, ref input);
            }
            else if (json.ValueTextEquals("outputTokens"u8))
            {
                Count(ref json, ref output);
            }
            else if (json.ValueTextEquals("cacheReadInputTokens"u8))
            {
                Count(ref json, ref read);
            }
            else if (json.ValueTextEquals("cacheWriteInputTokens"u8))
            {
                Count(ref json, ref written);
            }
            else if (json.ValueTextEquals("cacheDetails"u8))
            {
                json.Read();
                Details(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    /// <summary>Writes the member <c>usage</c>.</summary>
    public static void Write(in Usage usage, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("inputTokens"u8, Math.Max(0, usage.InputTokens - usage.CacheReadInputTokens - usage.CacheCreationInputTokens));
        writer.WriteNumber("outputTokens"u8, usage.OutputTokens);
        writer.WriteNumber("totalTokens"u8, usage.InputTokens + usage.OutputTokens);
        writer.WriteNumber("cacheReadInputTokens"u8, usage.CacheReadInputTokens);
        writer.WriteNumber("cacheWriteInputTokens"u8, usage.CacheCreationInputTokens);
        if (usage.CacheCreation1hInputTokens > 0)
        {
            writer.WriteStartArray("cacheDetails"u8);
            Detail(writer, "5m"u8, usage.CacheCreationInputTokens - usage.CacheCreation1hInputTokens);
            Detail(writer, "1h"u8, usage.CacheCreation1hInputTokens);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Detail(Utf8JsonWriter writer, ReadOnlySpan<byte> ttl, long tokens)
    {
        if (tokens > 0)
        {
            writer.WriteStartObject();
            writer.WriteNumber("inputTokens"u8, tokens);
            writer.WriteString("ttl"u8, ttl);
            writer.WriteEndObject();
        }
    }

    private void Details(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var isHour = false;
            long tokens = 0;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("inputTokens"u8))
                {
                    Count(ref json, ref tokens);
                    continue;
                }

                var isTtl = json.ValueTextEquals("ttl"u8);
                json.Read();
                isHour |= isTtl && json.TokenType == JsonTokenType.String && json.ValueTextEquals("1h"u8);
                json.Skip();
            }

            writtenForAnHour += isHour ? tokens : 0;
        }
    }

    private void Count(ref Utf8JsonReader json, ref long count)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) && value is >= 0 and < int.MaxValue)
        {
            count = value;
            reported = true;
        }

        json.Skip();
    }
}
