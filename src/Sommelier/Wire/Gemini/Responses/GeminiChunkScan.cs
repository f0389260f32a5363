using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Reads off one answer, or one chunk of a stream, what the record needs, without building it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct GeminiChunkScan
{
    private GeminiUsage usage;
    private string? finish;
    private long bytes;
    private bool hasCall;
    private Range model;
    private Range id;

    /// <summary>Begins a scan.</summary>
    public GeminiChunkScan()
    {
    }

    /// <summary>Whether it is an error instead.</summary>
    public bool IsError { get; private set; }

    /// <summary>Whether the prompt was refused.</summary>
    public bool HasBlock { get; private set; }

    /// <summary>Whether a part says something.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Where the token counts end in the chunk; 0 when there are none.</summary>
    public int UsageEnd { get; private set; }

    /// <summary>The token counts; null when none are reported.</summary>
    public readonly Usage? Usage => usage.Reported ? usage.Value : null;

    /// <summary>Reads a chunk.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public void Read(ReadOnlySpan<byte> chunk)
    {
        var reader = new Utf8JsonReader(chunk, JsonLimits.Reader);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("candidates"u8))
            {
                reader.Read();
                Candidates(ref reader);
                continue;
            }

            if (reader.ValueTextEquals("usageMetadata"u8))
            {
                reader.Read();
                usage.Read(ref reader);
                UsageEnd = (int)reader.BytesConsumed;
                continue;
            }

            var isModel = reader.ValueTextEquals("modelVersion"u8);
            var isId = reader.ValueTextEquals("responseId"u8);
            IsError |= reader.ValueTextEquals("error"u8);
            HasBlock |= reader.ValueTextEquals("promptFeedback"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && (isModel || isId))
            {
                var inside = new Range((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1);
                (model, id) = isModel ? (inside, id) : (model, inside);
            }

            reader.Skip();
        }

        // Anything but white space behind it throws.
        reader.Read();
    }

    /// <summary>Adds what was seen in a chunk to the record. Names and reasons that it has already are not made again.</summary>
    public readonly void Note(AnswerFacts facts, ReadOnlySpan<byte> chunk)
    {
        facts.OutputBytes += bytes;
        facts.HasToolCall |= hasCall;
        facts.WebSearches = Math.Max(facts.WebSearches, usage.WebSearches);
        facts.Usage = Counts(facts);
        facts.ResponseModel ??= Text(chunk, model);
        facts.Id ??= Text(chunk, id);
        if (finish is not null)
        {
            facts.FinishReason = GeminiFinish.Read(finish, facts.HasToolCall, facts.FinishReason);
        }
    }

    // A later chunk need not tell the searches again.
    private readonly Usage? Counts(AnswerFacts facts) => (usage.Reported ? usage.Value : facts.Usage) is { } known ? known with { WebSearches = facts.WebSearches } : null;

    private static string? Text(ReadOnlySpan<byte> chunk, Range range) => range.End.Value > 0 ? System.Text.Encoding.UTF8.GetString(chunk[range]) : null;

    private void Candidates(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("content"u8))
                {
                    reader.Read();
                    Content(ref reader);
                    continue;
                }

                if (reader.ValueTextEquals("groundingMetadata"u8))
                {
                    reader.Read();
                    usage.AddSearches(ref reader);
                    continue;
                }

                var isFinish = reader.ValueTextEquals("finishReason"u8);
                reader.Read();
                if (isFinish && reader.TokenType == JsonTokenType.String)
                {
                    finish ??= reader.ValueTextEquals("STOP"u8) ? "STOP" : reader.ValueTextEquals("MAX_TOKENS"u8) ? "MAX_TOKENS" : JsonText.Tolerant(ref reader);
                }

                reader.Skip();
            }
        }
    }

    private void Content(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != depth + 3)
            {
                continue;
            }

            if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                bytes += reader.TokenType == JsonTokenType.String ? reader.ValueSpan.Length : 0;
                HasContent |= reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0;
            }
            else if (!reader.ValueTextEquals("thought"u8))
            {
                var isCall = reader.ValueTextEquals("functionCall"u8);
                hasCall |= isCall;
                HasContent = true;
                reader.Read();
                var start = reader.TokenStartIndex;
                reader.Skip();
                bytes += isCall ? reader.BytesConsumed - start : 0;
            }
        }
    }
}
