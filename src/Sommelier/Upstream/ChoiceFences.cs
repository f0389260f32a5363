using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Wire.Json;
using Sommelier.Wire.Sse;

namespace Sommelier.Upstream;

/// <summary>
/// Takes the code fences off a stream of OpenAI's chat format that makes several answers at once, each by itself: such a stream is passed on,
/// since what was read of it cannot be written anew, and only the contents that belong to a fence are changed on the way.
/// </summary>
internal sealed class ChoiceFences : IDisposable
{
    private readonly SseReader events = new();
    private readonly Dictionary<int, StreamedFence> fences = [];

    /// <summary>Whether a fence was taken off any of the answers.</summary>
    public bool IsTaken => fences.Values.Any(static fence => fence.IsFenced == true);

    /// <summary>Passes on the whole events among the bytes seen so far; a cut one waits for the next call.</summary>
    public void Pass(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        while (events.TryRead(ref chunk, out var item))
        {
            Pass(item, output);
        }
    }

    /// <summary>Says that the connection ended: passes on what is still held back.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        if (events.TryReadRest(out var rest))
        {
            output.Write(rest.Raw);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => events.Dispose();

    private void Pass(SseEvent item, IBufferWriter<byte> output)
    {
        var data = item.Data.Trim(" \t"u8);
        if (data.IsEmpty || data[0] != (byte)'{' || Unfenced(data) is not { } edits)
        {
            output.Write(item.Raw);
            return;
        }

        output.Write("data: "u8);
        edits.Apply(data, output);
        output.Write("\n\n"u8);
    }

    // Null when the event stays as it is. One that is no JSON is for the relay to judge.
    private JsonEdits? Unfenced(ReadOnlySpan<byte> data)
    {
        JsonEdits? edits = null;
        try
        {
            var reader = new Utf8JsonReader(data, JsonLimits.Reader);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isChoices = reader.ValueTextEquals("choices"u8);
                reader.Read();
                if (!isChoices || reader.TokenType != JsonTokenType.StartArray)
                {
                    reader.Skip();
                    continue;
                }

                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                {
                    Unfence(Choice.Read(ref reader), ref edits);
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return edits;
    }

    private void Unfence(in Choice choice, ref JsonEdits? edits)
    {
        if (!fences.TryGetValue(choice.Index, out var fence))
        {
            fences.Add(choice.Index, fence = new(mayCome: true));
        }

        var bare = choice.Text is null ? "" : fence.Add(choice.Text);
        bare += choice.Ends ? fence.End() : "";
        if (string.Equals(bare, choice.Text ?? "", StringComparison.Ordinal) || choice.DeltaStart < 0)
        {
            return;
        }

        var text = Encoding.UTF8.GetBytes(JsonBytes.QuotedText(bare));
        if (choice.Text is not null)
        {
            (edits ??= new()).Replace(choice.Start, choice.End, text);
        }
        else
        {
            (edits ??= new()).Insert(choice.DeltaStart, Encoding.UTF8.GetBytes($"\"content\":{Encoding.UTF8.GetString(text)}{(choice.IsBare ? "" : ",")}"));
        }
    }

    /// <summary>What a chunk has of one answer.</summary>
    /// <param name="Index">The answer's number.</param>
    /// <param name="Text">What it says; null for nothing.</param>
    /// <param name="Start">Where the value of its content begins.</param>
    /// <param name="End">Where that ends.</param>
    /// <param name="DeltaStart">Where the first member of its <c>delta</c> would stand; -1 where it has none.</param>
    /// <param name="IsBare">Whether the <c>delta</c> has no members,.</param>
    /// <param name="Ends">Whether no more of its text comes: it calls tools, or has stopped.</param>
    private readonly record struct Choice(int Index, string? Text, int Start, int End, int DeltaStart, bool IsBare, bool Ends)
    {
        public static Choice Read(ref Utf8JsonReader reader)
        {
            var choice = new Choice(0, null, 0, 0, -1, true, false);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIndex = reader.ValueTextEquals("index"u8);
                var isFinish = reader.ValueTextEquals("finish_reason"u8);
                var isDelta = reader.ValueTextEquals("delta"u8);
                reader.Read();
                if (isDelta && reader.TokenType == JsonTokenType.StartObject)
                {
                    choice = choice.Delta(ref reader);
                    continue;
                }

                choice = isIndex && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) ? choice with { Index = index }
                    : isFinish && reader.TokenType == JsonTokenType.String ? choice with { Ends = true }
                    : choice;
                reader.Skip();
            }

            return choice;
        }

        private Choice Delta(ref Utf8JsonReader reader)
        {
            var choice = this with { DeltaStart = (int)reader.BytesConsumed };
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                choice = choice with { IsBare = false };
                var isContent = reader.ValueTextEquals("content"u8);
                var isCall = reader.ValueTextEquals("tool_calls"u8) || reader.ValueTextEquals("refusal"u8);
                reader.Read();
                if (isContent && reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
                {
                    var start = (int)reader.TokenStartIndex;
                    choice = choice with { Text = reader.TokenType == JsonTokenType.Null ? "" : JsonText.Tolerant(ref reader), Start = start, End = (int)reader.BytesConsumed };
                }

                choice = choice with { Ends = choice.Ends || (isCall && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.String) };
                reader.Skip();
            }

            return choice;
        }
    }
}
