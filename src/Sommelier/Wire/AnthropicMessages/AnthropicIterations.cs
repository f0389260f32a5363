using System.Text.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>The sums of <c>usage.iterations</c>: the calls that one answer took (compaction, then the message).</summary>
internal readonly record struct AnthropicIterations(long Input, long Output, long CacheRead, long CacheCreation, bool HasCache)
{
    /// <summary>Sums the list; null when it is empty, or when a server-side fallback makes the top level the truth.</summary>
    public static AnthropicIterations? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        var sums = default(AnthropicIterations);
        var counted = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var kind = Item(ref reader, out var item);
            if (kind == Kind.Fallback)
            {
                return null;
            }

            if (kind == Kind.Counted)
            {
                counted = true;
                sums = new(
                    sums.Input + item.Input,
                    sums.Output + item.Output,
                    sums.CacheRead + item.CacheRead,
                    sums.CacheCreation + item.CacheCreation,
                    sums.HasCache || item.HasCache);
            }
        }

        return counted ? sums : null;
    }

    private enum Kind
    {
        Other,
        Counted,
        Fallback,
    }

    private static Kind Item(ref Utf8JsonReader reader, out AnthropicIterations item)
    {
        var kind = Kind.Other;
        item = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                kind = reader.TokenType != JsonTokenType.String ? Kind.Other
                    : reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("compaction"u8) ? Kind.Counted
                    : reader.ValueTextEquals("fallback_message"u8) ? Kind.Fallback : Kind.Other;
            }
            else if (reader.ValueTextEquals("input_tokens"u8))
            {
                item = item with { Input = Number(ref reader) };
            }
            else if (reader.ValueTextEquals("output_tokens"u8))
            {
                item = item with { Output = Number(ref reader) };
            }
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8))
            {
                item = item with { CacheRead = Number(ref reader), HasCache = true };
            }
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8))
            {
                item = item with { CacheCreation = Number(ref reader), HasCache = true };
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        return kind;
    }

    private static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? Math.Max(0, value) : 0;
    }
}
