using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.Gemini;

/// <summary>Google's token counts: the prompt includes what came from a cache, the candidates exclude the thoughts.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct GeminiUsage
{
    private long prompt;
    private long tools;
    private long cached;
    private long candidates;
    private long thoughts;
    private long promptAudio;
    private long toolsAudio;
    private long cachedAudio;
    private long candidatesAudio;
    private string? tier;

    /// <summary>Whether any count has been reported. Vertex sends the member without counts in the middle of a stream.</summary>
    public bool Reported { get; private set; }

    /// <summary>The counts, normalised.</summary>
    public readonly Usage Value => new()
    {
        // What a built-in tool fed to the model is input too, and billed as such.
        InputTokens = prompt + tools,
        CacheReadInputTokens = cached,
        InputAudioTokens = Math.Min(promptAudio, prompt) + Math.Min(toolsAudio, tools),
        CacheReadInputAudioTokens = Math.Min(cachedAudio, Math.Min(promptAudio, cached)),
        OutputTokens = candidates + thoughts,
        ReasoningOutputTokens = thoughts,
        OutputAudioTokens = Math.Min(candidatesAudio, candidates),
        ServiceTier = tier,
        WebSearches = WebSearches,
    };

    /// <summary>How many queries Google's search was asked.</summary>
    public long WebSearches { get; set; }

    /// <summary>Reads the object at whose first token the reader stands. Later reports replace earlier ones.</summary>
    public void Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("promptTokenCount"u8))
            {
                Count(ref json, ref prompt);
            }
            else if (json.ValueTextEquals("candidatesTokenCount"u8))
            {
                Count(ref json, ref candidates);
            }
            else if (json.ValueTextEquals("thoughtsTokenCount"u8))
            {
                Count(ref json, ref thoughts);
            }
            else if (json.ValueTextEquals("cachedContentTokenCount"u8))
            {
                Count(ref json, ref cached);
            }
            else if (json.ValueTextEquals("toolUsePromptTokenCount"u8))
            {
                Count(ref json, ref tools);
            }
            else if (json.ValueTextEquals("trafficType"u8) || json.ValueTextEquals("serviceTier"u8))
            {
                json.Read();
                tier = ServiceTiers.Of(ref json) ?? tier;
            }
            else if (json.ValueTextEquals("promptTokensDetails"u8))
            {
                promptAudio = GeminiModalities.ReadAudio(ref json);
            }
            else if (json.ValueTextEquals("toolUsePromptTokensDetails"u8))
            {
                toolsAudio = GeminiModalities.ReadAudio(ref json);
            }
            else if (json.ValueTextEquals("cacheTokensDetails"u8))
            {
                cachedAudio = GeminiModalities.ReadAudio(ref json);
            }
            else if (json.ValueTextEquals("candidatesTokensDetails"u8))
            {
                candidatesAudio = GeminiModalities.ReadAudio(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    /// <summary>Adds the queries that a <c>groundingMetadata</c>, at whose first token the reader stands, says that Google's search was asked. Leaves it at the end.</summary>
    public void AddSearches(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isQueries = json.ValueTextEquals("webSearchQueries"u8) || json.ValueTextEquals("imageSearchQueries"u8);
            json.Read();
            if (!isQueries || json.TokenType != JsonTokenType.StartArray)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                WebSearches += json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0 ? 1 : 0;
                json.Skip();
            }
        }
    }

    /// <summary>Writes the member <c>usageMetadata</c>.</summary>
    public static void Write(in Usage usage, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usageMetadata"u8);
        writer.WriteNumber("promptTokenCount"u8, usage.InputTokens);
        writer.WriteNumber("candidatesTokenCount"u8, Math.Max(0, usage.OutputTokens - usage.ReasoningOutputTokens));
        writer.WriteNumber("totalTokenCount"u8, usage.InputTokens + usage.OutputTokens);
        if (usage.CacheReadInputTokens > 0)
        {
            writer.WriteNumber("cachedContentTokenCount"u8, usage.CacheReadInputTokens);
        }

        if (usage.ReasoningOutputTokens > 0)
        {
            writer.WriteNumber("thoughtsTokenCount"u8, usage.ReasoningOutputTokens);
        }

        GeminiModalities.Write("promptTokensDetails"u8, usage.InputTokens, usage.InputAudioTokens, writer);
        GeminiModalities.Write("cacheTokensDetails"u8, usage.CacheReadInputTokens, usage.CacheReadInputAudioTokens, writer);
        GeminiModalities.Write("candidatesTokensDetails"u8, usage.OutputTokens - usage.ReasoningOutputTokens, usage.OutputAudioTokens, writer);
        writer.WriteEndObject();
    }

    private void Count(ref Utf8JsonReader json, ref long count)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) && value is >= 0 and < int.MaxValue)
        {
            count = value;
            Reported = true;
        }

        json.Skip();
    }
}
