using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>
/// Token counts as Anthropic reports them, gathered over the events of a stream: a later count replaces an earlier one,
/// and what a later event leaves out still holds.
/// </summary>
/// <remarks>
/// Input counts exclude what was read from and written to the cache; output includes thinking. With
/// <c>iterations</c> the top level leaves out compaction, so its and the messages' counts are summed, except after a
/// server-side fallback, where the top level is the answer's own.
/// </remarks>
internal struct AnthropicUsage
{
    private long input;
    private long output;
    private long cacheRead;
    private long cacheCreation;
    private long cacheCreation1h;
    private long thinking;
    private long searches;
    private string? tier;
    private string? speed;
    private string? geo;

    /// <summary>Whether anything was reported.</summary>
    public bool Reported { get; private set; }

    /// <summary>The counts in our vocabulary.</summary>
    public readonly Usage Value => new()
    {
        InputTokens = input + cacheRead + cacheCreation,
        CacheReadInputTokens = cacheRead,
        CacheCreationInputTokens = cacheCreation,
        CacheCreation1hInputTokens = Math.Min(cacheCreation1h, cacheCreation),
        OutputTokens = output,
        ReasoningOutputTokens = Math.Min(thinking, output),
        ServiceTier = speed ?? tier,
        InferenceGeo = geo,
        WebSearches = searches,
    };

    /// <summary>Takes over the counts of a <c>usage</c> object; anything else is ignored.</summary>
    public void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        Reported = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("input_tokens"u8))
            {
                Count(ref reader, ref input);
            }
            else if (reader.ValueTextEquals("output_tokens"u8))
            {
                Count(ref reader, ref output);
            }
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8))
            {
                Count(ref reader, ref cacheRead);
            }
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8))
            {
                Count(ref reader, ref cacheCreation);
            }
            else if (reader.ValueTextEquals("cache_creation"u8))
            {
                Nested(ref reader, "ephemeral_1h_input_tokens"u8, ref cacheCreation1h);
            }
            else if (reader.ValueTextEquals("output_tokens_details"u8))
            {
                Nested(ref reader, "thinking_tokens"u8, ref thinking);
            }
            else if (reader.ValueTextEquals("server_tool_use"u8))
            {
                Nested(ref reader, "web_search_requests"u8, ref searches);
            }
            else if (reader.ValueTextEquals("service_tier"u8))
            {
                reader.Read();
                tier = ServiceTiers.Of(ref reader) ?? tier;
            }
            else if (reader.ValueTextEquals("speed"u8))
            {
                reader.Read();
                speed = ServiceTiers.Of(ref reader) ?? speed;
            }
            else if (reader.ValueTextEquals("inference_geo"u8))
            {
                reader.Read();
                geo = InferencePlaces.Of(ref reader) ?? geo;
            }
            else if (reader.ValueTextEquals("iterations"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                iterations = AnthropicIterations.Read(json[start..(int)reader.BytesConsumed]);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        Apply();
    }

    private AnthropicIterations? iterations;

    private void Apply()
    {
        if (iterations is not { } sums)
        {
            return;
        }

        input = sums.Input;
        output = sums.Output;
        if (sums.HasCache)
        {
            cacheRead = sums.CacheRead;
            cacheCreation = sums.CacheCreation;
        }

        iterations = null;
    }

    private static void Nested(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, ref long count)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                Count(ref reader, ref count);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    // Null means "not said", as an absent field does.
    private static void Count(ref Utf8JsonReader reader, ref long count)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value))
        {
            count = Math.Max(0, value);
            return;
        }

        reader.Skip();
    }
}
