using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>What one pass over a response object tells, whole or inside an event, with nothing allocated.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ResponsesAnswerScan
{
    private static readonly FinishReason Stop = ResponsesWords.Finish("completed", null, calls: false);
    private static readonly FinishReason ToolCalls = ResponsesWords.Finish("completed", null, calls: true);
    private static readonly FinishReason Length = ResponsesWords.Finish("incomplete", "max_output_tokens", calls: false);
    private static readonly FinishReason Filter = ResponsesWords.Finish("incomplete", "content_filter", calls: false);

    private string? reason;
    private string? tier;
    private int searches;

    /// <summary>How far the answer is.</summary>
    public ResponsesStatus Status { get; private set; }

    /// <summary>Whether the vendor reports a failure.</summary>
    public bool IsError { get; private set; }

    /// <summary>Whether there is an <c>output</c> at all.</summary>
    public bool HasOutput { get; private set; }

    /// <summary>How many items the output has.</summary>
    public int Items { get; private set; }

    /// <summary>Whether it calls a tool that the caller runs.</summary>
    public bool HasToolCall { get; private set; }

    /// <summary>Token counts, or null.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>Bytes of text, thinking and arguments.</summary>
    public long OutputBytes { get; private set; }

    /// <summary>Where the id's text stands, between its quotes.</summary>
    public Range Id { get; private set; }

    /// <summary>Where the model's name stands, between its quotes.</summary>
    public Range Model { get; private set; }

    /// <summary>Where the value of <c>previous_response_id</c> stands; empty when the answer does not say.</summary>
    public Range PreviousId { get; private set; }

    /// <summary>Reads one JSON object.</summary>
    /// <exception cref="JsonException">It is not well-formed.</exception>
    public static ResponsesAnswerScan Read(ReadOnlySpan<byte> json, WireQuirks quirks)
    {
        var scan = default(ResponsesAnswerScan);
        var reader = new Utf8JsonReader(json, JsonLimits.Reader);
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
        if (scan.Usage is { } usage)
        {
            scan.Usage = usage with { ServiceTier = scan.tier, WebSearches = scan.searches };
        }

        return scan;
    }

    /// <summary>Why the answer ended.</summary>
    /// <param name="calls">Whether a tool call was seen elsewhere, for servers whose last event does not repeat the output.</param>
    public readonly FinishReason Finish(bool calls)
    {
        if (Status != ResponsesStatus.Incomplete)
        {
            return calls || HasToolCall ? ToolCalls : Stop;
        }

        return reason switch
        {
            "max_output_tokens" => Length,
            "content_filter" => Filter,
            _ => ResponsesWords.Finish("incomplete", reason, calls: false),
        };
    }

    private void Member(ref Utf8JsonReader reader, WireQuirks quirks)
    {
        if (reader.ValueTextEquals("output"u8))
        {
            reader.Read();
            HasOutput = reader.TokenType == JsonTokenType.StartArray;
            Output(ref reader);
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
        else if (reader.ValueTextEquals("status"u8))
        {
            reader.Read();
            ReadStatus(ref reader);
        }
        else if (reader.ValueTextEquals("incomplete_details"u8))
        {
            reader.Read();
            Details(ref reader);
        }
        else if (reader.ValueTextEquals("service_tier"u8))
        {
            reader.Read();
            tier = ServiceTiers.Of(ref reader);
        }
        else if (reader.ValueTextEquals(ResponsesContinued.Utf8Member))
        {
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            PreviousId = start..(int)reader.BytesConsumed;
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private void ReadStatus(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return;
        }

        Status = reader.ValueTextEquals("incomplete"u8) ? ResponsesStatus.Incomplete
            : reader.ValueTextEquals("failed"u8) || reader.ValueTextEquals("cancelled"u8) ? ResponsesStatus.Failed
            : reader.ValueTextEquals("in_progress"u8) || reader.ValueTextEquals("queued"u8) ? ResponsesStatus.Pending
            : ResponsesStatus.Completed;
        IsError |= Status == ResponsesStatus.Failed;
    }

    private void Details(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isReason = reader.ValueTextEquals("reason"u8);
            reader.Read();
            if (isReason && reader.TokenType == JsonTokenType.String)
            {
                reason = reader.ValueTextEquals("max_output_tokens"u8) ? "max_output_tokens"
                    : reader.ValueTextEquals("content_filter"u8) ? "content_filter"
                    : JsonText.Tolerant(ref reader);
            }

            reader.Skip();
        }
    }

    private void Output(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; Items++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("An item of the output is not an object.");
            }

            var (isSearch, isFree) = (false, false);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                ItemMember(ref reader, ref isSearch, ref isFree);
            }

            searches += isSearch && !isFree ? 1 : 0;
        }
    }

    private void ItemMember(ref Utf8JsonReader reader, ref bool isSearch, ref bool isFree)
    {
        if (reader.ValueTextEquals("action"u8))
        {
            reader.Read();
            isFree |= ResponsesSearches.IsFree(ref reader);
            return;
        }

        var isType = reader.ValueTextEquals("type"u8);
        var isSaid = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("summary"u8)
            || reader.ValueTextEquals("input"u8);
        reader.Read();
        if (isType && reader.TokenType == JsonTokenType.String)
        {
            HasToolCall |= reader.ValueTextEquals("function_call"u8) || reader.ValueTextEquals("custom_tool_call"u8);
            isSearch = ResponsesSearches.IsType(reader.ValueSpan);
        }
        else if (isSaid)
        {
            AddTexts(ref reader);
        }

        reader.Skip();
    }

    // Leaves the reader at the value's last token.
    private void AddTexts(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            OutputBytes += reader.ValueSpan.Length;
            return;
        }

        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isText = reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("refusal"u8);
            reader.Read();
            if (isText && reader.TokenType == JsonTokenType.String)
            {
                OutputBytes += reader.ValueSpan.Length;
            }
        }
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
}
