using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// What one pass over an answer or a streamed chunk tells, with nothing allocated: the two have the same shape but for
/// <c>message</c> and <c>delta</c>; the older completions have <c>text</c> in their place.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct AnswerScan
{
    private static readonly FinishReason[] Reasons = Array.ConvertAll(
        ["stop", "length", "tool_calls", "content_filter", "function_call", "eos", "model_length", "error", "insufficient_system_resource"],
        OpenAIWords.Finish);

    /// <summary>Whether there is any text, thinking, refusal, tool call or other content.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Whether a tool call is in it.</summary>
    public bool HasToolCall { get; private set; }

    /// <summary>How many choices it names.</summary>
    public int Choices { get; private set; }

    /// <summary>Whether there is a <c>choices</c> member at all.</summary>
    public bool HasChoices { get; private set; }

    /// <summary>Why the first choice stopped, or null.</summary>
    public FinishReason? Finish { get; private set; }

    /// <summary>Token counts, or null.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>How it is served, see <see cref="Canonical.Usage.ServiceTier"/>.</summary>
    public string? ServiceTier { get; private set; }

    /// <summary>Where the vendor's own word for that stands, between its quotes.</summary>
    public Range ServedAs { get; private set; }

    /// <summary>Whether the vendor reports a failure.</summary>
    public bool IsError { get; private set; }

    /// <summary>Perplexity's last chunk names itself <c>chat.completion.done</c>.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Bytes of text, thinking and arguments.</summary>
    public long OutputBytes { get; private set; }

    /// <summary>Where the id's text stands, between its quotes.</summary>
    public Range Id { get; private set; }

    /// <summary>Where the model's name stands, between its quotes.</summary>
    public Range Model { get; private set; }

    /// <summary>Whether something stands in it that OpenAI's own format has no place for: content as a list, a streamed choice without its number.</summary>
    public bool IsLoose { get; private set; }

    /// <summary>The numbers of the streamed choices that it names, one bit each; numbers over 63 have none.</summary>
    public ulong Present { get; private set; }

    /// <summary>Of <see cref="Present"/>, those that say whose turn it is.</summary>
    public ulong WithRole { get; private set; }

    /// <summary>How many pieces of tool calls it has.</summary>
    public int Calls { get; private set; }

    /// <summary>The first of them.</summary>
    public CallHead Call { get; private set; }

    /// <summary>Reads one JSON object.</summary>
    /// <exception cref="JsonException">It is not well-formed.</exception>
    public static AnswerScan Read(ReadOnlySpan<byte> json, WireQuirks quirks)
    {
        var scan = default(AnswerScan);
        var reader = new Utf8JsonReader(json, Json.JsonLimits.Reader);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("Not an object.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            scan.Member(ref reader, quirks);
        }

        // Anything but white space behind it throws.
        reader.Read();
        if (scan is { ServiceTier: { } tier, Usage: { } usage })
        {
            scan.Usage = usage with { ServiceTier = tier };
        }

        return scan;
    }

    private void Member(ref Utf8JsonReader reader, WireQuirks quirks)
    {
        if (reader.ValueTextEquals("choices"u8))
        {
            reader.Read();
            HasChoices = true;
            ReadChoices(ref reader, quirks);
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            reader.Read();
            Usage = UsageReader.Read(ref reader, quirks) ?? Usage;
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            IsError |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            reader.Read();
            Id = Inside(ref reader);
        }
        else if (reader.ValueTextEquals("model"u8))
        {
            reader.Read();
            Model = Inside(ref reader);
        }
        else if (reader.ValueTextEquals("object"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                IsDone = reader.ValueTextEquals("chat.completion.done"u8);
                IsError |= reader.ValueTextEquals("error"u8);
            }

            reader.Skip();
        }
        else if (reader.ValueTextEquals("service_tier"u8))
        {
            reader.Read();
            ServiceTier = ServiceTiers.Of(ref reader);
            ServedAs = Inside(ref reader);
        }
        else if (reader.ValueTextEquals("x_groq"u8))
        {
            reader.Read();
            ReadGroq(ref reader, quirks);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private void ReadGroq(ref Utf8JsonReader reader, WireQuirks quirks)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isUsage = reader.ValueTextEquals("usage"u8);
            var isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isUsage)
            {
                Usage ??= UsageReader.Read(ref reader, quirks);
            }

            IsError |= isError && reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
    }

    private void ReadChoices(ref Utf8JsonReader reader, WireQuirks quirks)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; Choices++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("A choice is not an object.");
            }

            var choice = default(ChoiceHead);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                ChoiceMember(ref reader, quirks, ref choice);
            }

            End(choice);
        }
    }

    private void End(in ChoiceHead choice)
    {
        var index = choice.Index ?? Choices;
        IsLoose |= choice is { IsDelta: true, Index: null };
        if (choice.IsDelta && index is >= 0 and < 64)
        {
            Present |= 1UL << index;
            WithRole |= choice.HasRole ? 1UL << index : 0;
        }

        if (choice.Calls > 0 && Calls == 0)
        {
            Call = choice.Call with { Choice = index };
        }

        Calls += choice.Calls;

        // Of several answers another one may end before the first.
        if (index == 0 || choice.Finish is { Kind: FinishReasonKind.Error })
        {
            Finish ??= choice.Finish;
        }
    }

    private void ChoiceMember(ref Utf8JsonReader reader, WireQuirks quirks, ref ChoiceHead choice)
    {
        if (reader.ValueTextEquals("delta"u8))
        {
            reader.Read();
            choice.IsDelta = true;
            ReadMessage(ref reader, ref choice);
        }
        else if (reader.ValueTextEquals("message"u8))
        {
            reader.Read();
            ReadMessage(ref reader, ref choice);
        }
        else if (reader.ValueTextEquals("index"u8))
        {
            reader.Read();
            choice.Index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : null;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("text"u8))
        {
            // The older completions.
            reader.Read();
            HasContent |= AddContent(ref reader);
            reader.Skip();
        }
        else if (reader.ValueTextEquals("finish_reason"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0)
            {
                choice.Finish = Reason(ref reader);
            }

            reader.Skip();
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            // Moonshot's older models.
            reader.Read();
            Usage ??= UsageReader.Read(ref reader, quirks);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private void ReadMessage(ref Utf8JsonReader reader, ref ChoiceHead choice)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                IsLoose |= reader.TokenType == JsonTokenType.StartArray;
                HasContent |= AddContent(ref reader);
            }
            else if (reader.ValueTextEquals("role"u8))
            {
                reader.Read();
                choice.HasRole = reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0;
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                reader.Read();
                if (choice.IsDelta)
                {
                    choice.Calls = CallHead.ReadAll(reader, out choice.Call);
                }

                AddCall(ref reader);
            }
            else if (reader.ValueTextEquals("function_call"u8))
            {
                reader.Read();
                AddCall(ref reader);
            }
            else
            {
                var isContent = reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8)
                    || reader.ValueTextEquals("reasoning_details"u8) || reader.ValueTextEquals("refusal"u8)
                    || reader.ValueTextEquals("audio"u8) || reader.ValueTextEquals("images"u8);
                reader.Read();
                HasContent |= isContent && AddContent(ref reader);
            }

            reader.Skip();
        }
    }

    private void AddCall(ref Utf8JsonReader reader)
    {
        var any = AddContent(ref reader);
        HasContent |= any;
        HasToolCall |= any;
    }

    // Leaves the reader at the value's last token.
    private bool AddContent(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            OutputBytes += reader.ValueSpan.Length;
            return reader.ValueSpan.Length > 0;
        }

        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return false;
        }

        var depth = reader.CurrentDepth;
        var any = false;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            any = true;
            if (reader.TokenType == JsonTokenType.String)
            {
                OutputBytes += reader.ValueSpan.Length;
            }
        }

        return any;
    }

    private static Range Inside(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex + 1;
        var range = reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.ValueSpan.Length > 0
            ? start..(start + reader.ValueSpan.Length)
            : default;
        reader.Skip();
        return range;
    }

    private static FinishReason Reason(ref Utf8JsonReader reader)
    {
        foreach (var known in Reasons)
        {
            if (reader.ValueTextEquals(known.Raw))
            {
                return known;
            }
        }

        return OpenAIWords.Finish(Json.JsonText.Tolerant(ref reader));
    }

    [StructLayout(LayoutKind.Auto)]
    private struct ChoiceHead
    {
        public bool IsDelta;
        public bool HasRole;
        public int? Index;
        public FinishReason? Finish;
        public int Calls;
        public CallHead Call;
    }
}
