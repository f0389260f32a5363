using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Ollama;

/// <summary>Reads off one object of an answer what the record needs, without building it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct OllamaLineScan
{
    private long input = -1;
    private long output = -1;
    private long bytes;
    private bool hasCall;
    private string? reason;
    private string? model;

    /// <summary>Begins a scan.</summary>
    public OllamaLineScan()
    {
    }

    /// <summary>Whether it is an error instead.</summary>
    public bool IsError { get; private set; }

    /// <summary>Whether it is the last one.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether it says something.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Whether the model's name is still wanted: it is the same in every line, and text costs memory.</summary>
    public bool WantsModel { get; init; } = true;

    /// <summary>Reads an object.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonLimits.Reader);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Member(ref reader);
        }

        if (reader.Read())
        {
            throw new JsonException();
        }
    }

    /// <summary>Adds what was seen to the record.</summary>
    public readonly void Note(AnswerFacts facts)
    {
        facts.OutputBytes += bytes;
        facts.HasToolCall |= hasCall;
        facts.ResponseModel ??= model;
        if (input >= 0 || output >= 0)
        {
            facts.Usage = new Usage { InputTokens = Math.Max(0, input), OutputTokens = Math.Max(0, output) };
        }

        if (IsDone)
        {
            facts.FinishReason = OllamaWords.Finish(reason, facts.HasToolCall);
        }
    }

    private void Member(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("message"u8))
        {
            reader.Read();
            Message(ref reader);
            return;
        }

        var isWords = reader.ValueTextEquals("response"u8) || reader.ValueTextEquals("thinking"u8);
        var isDone = reader.ValueTextEquals("done"u8);
        var isReason = reader.ValueTextEquals("done_reason"u8);
        var isInput = reader.ValueTextEquals("prompt_eval_count"u8);
        var isOutput = reader.ValueTextEquals("eval_count"u8);
        var isModel = WantsModel && reader.ValueTextEquals("model"u8);
        IsError |= reader.ValueTextEquals("error"u8);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            Count(isWords, ref reader);
            reason = isReason ? JsonText.Tolerant(ref reader) : reason;
            model = isModel ? JsonText.Tolerant(ref reader) : model;
        }
        else if (reader.TokenType == JsonTokenType.Number && (isInput || isOutput) && reader.TryGetInt64(out var count) && count is >= 0 and < int.MaxValue)
        {
            (input, output) = isInput ? (count, output) : (input, count);
        }

        IsDone |= isDone && reader.TokenType == JsonTokenType.True;
        reader.Skip();
    }

    private void Message(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWords = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("thinking"u8);
            var isCalls = reader.ValueTextEquals("tool_calls"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                Count(isWords, ref reader);
            }

            var start = reader.TokenStartIndex;
            var isList = reader.TokenType == JsonTokenType.StartArray;
            reader.Skip();
            if (isCalls && isList && reader.BytesConsumed - start > 2)
            {
                hasCall = HasContent = true;
                bytes += reader.BytesConsumed - start;
            }
        }
    }

    private void Count(bool isWords, ref Utf8JsonReader reader)
    {
        if (isWords)
        {
            bytes += reader.ValueSpan.Length;
            HasContent |= reader.ValueSpan.Length > 0;
        }
    }
}
