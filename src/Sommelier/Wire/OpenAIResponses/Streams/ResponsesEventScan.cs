using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>What one pass over an event tells, with nothing allocated. Its type may stand anywhere in it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ResponsesEventScan
{
    /// <summary>Which event it is.</summary>
    public ResponsesEventKind Kind { get; private set; }

    /// <summary>Where the type's text stands, between its quotes.</summary>
    public Range Type { get; private set; }

    /// <summary>Where the response object stands.</summary>
    public Range Response { get; private set; }

    /// <summary>Where the item stands.</summary>
    public Range Item { get; private set; }

    /// <summary>Where the value of the item's id stands in a piece of it, quotes included; empty when there is none.</summary>
    public Range ItemId { get; private set; }

    /// <summary>Where a piece's text stands, quotes included: <c>delta</c>, or the whole <c>text</c>, <c>refusal</c> <c>arguments</c> or <c>input</c> of a piece that is done.</summary>
    public Range Text { get; private set; }

    /// <summary>Where log probabilities stand; empty when there are none.</summary>
    public Range LogProbs { get; private set; }

    /// <summary>Which item of the output it is about; 0 when it does not say.</summary>
    public int OutputIndex { get; private set; }

    /// <summary>Whether it says which item of the output it is about.</summary>
    public bool HasOutputIndex { get; private set; }

    /// <summary>Which part of the item: of its content or its summary.</summary>
    public int PartIndex { get; private set; }

    /// <summary>The event's number; -1 when it has none.</summary>
    public long Sequence { get; private set; }

    /// <summary>How many bytes of text the piece has.</summary>
    public readonly int TextBytes => Math.Max(Text.End.Value - Text.Start.Value - 2, 0);

    /// <summary>Reads one event's data.</summary>
    /// <exception cref="JsonException">It is not a JSON object.</exception>
    public static ResponsesEventScan Read(ReadOnlySpan<byte> json)
    {
        var scan = new ResponsesEventScan { Sequence = -1 };
        var reader = new Utf8JsonReader(json, JsonLimits.Reader);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("Not an object.");
        }

        var hasError = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            hasError |= reader.ValueTextEquals("error"u8);
            scan.Member(ref reader);
        }

        // Anything but white space behind it throws.
        reader.Read();
        scan.Kind = scan.Type.Equals(default) && hasError ? ResponsesEventKind.Error : KindOf(json[scan.Type]);
        return scan;
    }

    private void Member(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("delta"u8))
        {
            Text = Value(ref reader, JsonTokenType.String);
        }
        else if (reader.ValueTextEquals("type"u8))
        {
            var range = Value(ref reader, JsonTokenType.String);
            Type = range.Equals(default) ? default : (range.Start.Value + 1)..(range.End.Value - 1);
        }
        else if (reader.ValueTextEquals("item_id"u8))
        {
            ItemId = Value(ref reader, JsonTokenType.String);
        }
        else if (reader.ValueTextEquals("output_index"u8))
        {
            var index = (int)Number(ref reader, -1);
            HasOutputIndex = index >= 0;
            OutputIndex = Math.Max(index, 0);
        }
        else if (reader.ValueTextEquals("content_index"u8) || reader.ValueTextEquals("summary_index"u8))
        {
            PartIndex = (int)Number(ref reader, 0);
        }
        else if (reader.ValueTextEquals("sequence_number"u8))
        {
            Sequence = Number(ref reader, -1);
        }
        else if (reader.ValueTextEquals("response"u8))
        {
            Response = Value(ref reader, JsonTokenType.StartObject);
        }
        else if (reader.ValueTextEquals("item"u8))
        {
            Item = Value(ref reader, JsonTokenType.StartObject);
        }
        else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("refusal"u8) || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("input"u8))
        {
            Text = Value(ref reader, JsonTokenType.String);
        }
        else if (reader.ValueTextEquals("logprobs"u8))
        {
            var list = Value(ref reader, JsonTokenType.StartArray);
            LogProbs = list.End.Value - list.Start.Value > 2 ? list : default;
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private static Range Value(ref Utf8JsonReader reader, JsonTokenType type)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isWanted = reader.TokenType == type;
        reader.Skip();
        return isWanted ? start..(int)reader.BytesConsumed : default;
    }

    private static long Number(ref Utf8JsonReader reader, long otherwise)
    {
        reader.Read();
        var value = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : otherwise;
        reader.Skip();
        return value;
    }

    private static ResponsesEventKind KindOf(ReadOnlySpan<byte> type)
    {
        if (!type.StartsWith("response."u8))
        {
            return type.SequenceEqual("error"u8) ? ResponsesEventKind.Error : ResponsesEventKind.Other;
        }

        var name = type["response."u8.Length..];
        return name.SequenceEqual("output_text.delta"u8) ? ResponsesEventKind.TextDelta
            : name.SequenceEqual("function_call_arguments.delta"u8) ? ResponsesEventKind.ArgumentsDelta
            : name.SequenceEqual("custom_tool_call_input.delta"u8) ? ResponsesEventKind.ArgumentsDelta
            : name.SequenceEqual("reasoning_summary_text.delta"u8) ? ResponsesEventKind.SummaryDelta
            : name.SequenceEqual("reasoning_text.delta"u8) ? ResponsesEventKind.ThinkingDelta
            : name.SequenceEqual("refusal.delta"u8) ? ResponsesEventKind.RefusalDelta
            : name.SequenceEqual("output_item.added"u8) ? ResponsesEventKind.ItemAdded
            : name.SequenceEqual("output_item.done"u8) ? ResponsesEventKind.ItemDone
            : name.SequenceEqual("output_text.done"u8) ? ResponsesEventKind.TextDone
            : name.SequenceEqual("function_call_arguments.done"u8) ? ResponsesEventKind.ArgumentsDone
            : name.SequenceEqual("custom_tool_call_input.done"u8) ? ResponsesEventKind.ArgumentsDone
            : name.SequenceEqual("refusal.done"u8) ? ResponsesEventKind.RefusalDone
            : name.SequenceEqual("completed"u8) || name.SequenceEqual("incomplete"u8) ? ResponsesEventKind.Ended
            : name.SequenceEqual("created"u8) || name.SequenceEqual("in_progress"u8) || name.SequenceEqual("queued"u8) ? ResponsesEventKind.Begun
            : name.SequenceEqual("failed"u8) ? ResponsesEventKind.Failed
            : IsFrame(name) ? ResponsesEventKind.Frame
            : ResponsesEventKind.Other;
    }

    private static bool IsFrame(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("content_part.added"u8) || name.SequenceEqual("content_part.done"u8)
        || name.SequenceEqual("reasoning_summary_part.added"u8) || name.SequenceEqual("reasoning_summary_part.done"u8)
        || name.SequenceEqual("reasoning_summary_text.done"u8) || name.SequenceEqual("reasoning_text.done"u8);
}
