using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// Reads a <c>usage</c> object of any of the servers that follow this format into one way of counting: input with what
/// was read from a cache, output with thinking.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct UsageReader
{
    private long input;
    private long output;
    private long total;
    private long cached;
    private long written;
    private long reasoning;
    private long inputAudio;
    private long outputAudio;
    private Details inside;
    private bool any;

    // Audio has one name in both objects of details.
    private enum Details
    {
        None,
        Input,
        Output,
    }

    /// <summary>Reads the object at whose first token the reader stands; null when it is null or holds no counts.</summary>
    public static Usage? Read(ref Utf8JsonReader reader, WireQuirks quirks)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var usage = default(UsageReader);
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            // Names but that of audio are unique across the object and its details, so one flat pass finds them wherever a server puts them.
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                usage.Field(ref reader);
            }
            else if (reader.TokenType == JsonTokenType.EndObject)
            {
                usage.inside = Details.None;
            }
        }

        return usage.any ? usage.Normalise(quirks) : null;
    }

    private void Field(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
        {
            Take(ref reader, ref input);
        }
        else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
        {
            Take(ref reader, ref output);
        }
        else if (reader.ValueTextEquals("total_tokens"u8))
        {
            Take(ref reader, ref total);
        }
        else if (reader.ValueTextEquals("cached_tokens"u8) || reader.ValueTextEquals("prompt_cache_hit_tokens"u8)
            || reader.ValueTextEquals("num_cached_tokens"u8) || reader.ValueTextEquals("cache_read_input_tokens"u8))
        {
            Take(ref reader, ref cached);
        }
        else if (reader.ValueTextEquals("cache_write_tokens"u8) || reader.ValueTextEquals("cache_creation_input_tokens"u8))
        {
            Take(ref reader, ref written);
        }
        else if (reader.ValueTextEquals("reasoning_tokens"u8))
        {
            Take(ref reader, ref reasoning);
        }
        else if (reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("input_tokens_details"u8))
        {
            inside = Details.Input;
        }
        else if (reader.ValueTextEquals("completion_tokens_details"u8) || reader.ValueTextEquals("output_tokens_details"u8))
        {
            inside = Details.Output;
        }
        else if (inside != Details.None && reader.ValueTextEquals("audio_tokens"u8))
        {
            Take(ref reader, ref inside == Details.Input ? ref inputAudio : ref outputAudio);
        }
    }

    // The same count may stand in two places, 0 or null in one of them.
    private void Take(ref Utf8JsonReader reader, ref long field)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number)
        {
            reader.Skip();
            return;
        }

        if (reader.TryGetInt64(out var value) || (reader.TryGetDouble(out var number) && Whole(number, out value)))
        {
            any = true;
            field = Math.Max(field, value);
        }
    }

    private static bool Whole(double number, out long value)
    {
        value = number is >= 0 and < 1e15 ? (long)number : 0;
        return true;
    }

    private readonly Usage Normalise(WireQuirks quirks)
    {
        // xAI counts thinking on top of the output. The total tells; the quirk decides where there is none.
        var outside = total > 0 && reasoning > 0
            ? total == input + output + reasoning || (quirks.ReasoningOutsideOutput && total != input + output)
            : quirks.ReasoningOutsideOutput;
        var all = outside ? output + reasoning : output;
        return new Usage
        {
            InputTokens = input,
            CacheReadInputTokens = Math.Min(cached, input),
            CacheCreationInputTokens = Math.Min(written, input),
            InputAudioTokens = Math.Min(inputAudio, input),
            OutputTokens = all,
            ReasoningOutputTokens = Math.Min(reasoning, all),
            OutputAudioTokens = Math.Min(outputAudio, all),
        };
    }
}
