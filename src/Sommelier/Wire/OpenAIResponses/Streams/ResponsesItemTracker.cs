using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Follows the items of one stream: numbers their parts and fills in what a server left out of its deltas.</summary>
/// <remarks>Items go by their place in the output. Their ids are not looked at: some servers give each event another one.</remarks>
internal sealed class ResponsesItemTracker
{
    private readonly Dictionary<(int Output, int Part), Piece> pieces = [];
    private readonly HashSet<int> done = [];
    private int next;

    /// <summary>Whether an item was seen.</summary>
    public bool Any { get; private set; }

    /// <summary>Whether a tool that the caller runs was called.</summary>
    public bool HasCall { get; private set; }

    /// <summary>Takes an event about an item.</summary>
    public void Take(in ResponsesEventScan scan, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        switch (scan.Kind)
        {
            case ResponsesEventKind.ItemAdded:
                Added(scan, data, output);
                break;
            case ResponsesEventKind.ItemDone:
                Done(scan, data, output);
                break;
            case ResponsesEventKind.TextDelta or ResponsesEventKind.TextDone:
                LogProbs(scan, data, output);
                Said(scan, data, isDone: scan.Kind == ResponsesEventKind.TextDone, static (index, text) => new TextDelta(index, text), output);
                break;
            case ResponsesEventKind.RefusalDelta or ResponsesEventKind.RefusalDone:
                Said(scan, data, isDone: scan.Kind == ResponsesEventKind.RefusalDone, static (index, text) => new RefusalDelta(index, text), output);
                break;
            case ResponsesEventKind.ArgumentsDelta or ResponsesEventKind.ArgumentsDone:
                Arguments(scan, data, output);
                break;
            case ResponsesEventKind.SummaryDelta or ResponsesEventKind.ThinkingDelta:
                Thought(scan, data, output);
                break;
            case ResponsesEventKind.Other:
                if (Cited(scan, data) is { } citation)
                {
                    output.Add(new CitationDelta(At(scan.OutputIndex, scan.PartIndex).Index, citation));
                    break;
                }

                Any = true;
                var type = Encoding.UTF8.GetString(data[scan.Type]);
                output.Add(new OpaqueDelta(OpenAIResponsesFormat.FormatName, type.Length > 0 ? type : "event", Encoding.UTF8.GetString(data)));
                break;
        }
    }

    /// <summary>Takes a whole output, of a server that sent no event about its items.</summary>
    public void TakeAll(ReadOnlySpan<byte> response, ICollection<ChatDelta> output)
    {
        var reader = new Utf8JsonReader(response, JsonLimits.Reader);
        using var document = JsonDocument.ParseValue(ref reader);
        foreach (var part in ResponsesAnswerReader.Parts(new JsonFields(document.RootElement, "")))
        {
            Whole(part, output);
        }
    }

    /// <summary>The answer ends: what is still open is closed.</summary>
    public void Close(ICollection<ChatDelta> output)
    {
        foreach (var ((item, _), piece) in pieces)
        {
            if (!done.Contains(item))
            {
                EndInput(piece, output);
                output.Add(new PartEndDelta(piece.Index));
            }
        }
    }

    private static Citation? Cited(in ResponsesEventScan scan, ReadOnlySpan<byte> data)
    {
        if (!data[scan.Type].SequenceEqual("response.output_text.annotation.added"u8))
        {
            return null;
        }

        var reader = new Utf8JsonReader(data, JsonLimits.Reader);
        using var document = JsonDocument.ParseValue(ref reader);
        return UrlCitations.Read(document.RootElement.Get("annotation"), OpenAIResponsesFormat.FormatName);
    }

    private Piece At(int item, int part)
    {
        Any = true;
        if (!pieces.TryGetValue((item, part), out var piece))
        {
            pieces[(item, part)] = piece = new Piece(next++);
        }

        return piece;
    }

    private static string TextOf(in ResponsesEventScan scan, ReadOnlySpan<byte> data)
    {
        if (scan.TextBytes == 0)
        {
            return "";
        }

        var reader = new Utf8JsonReader(data[scan.Text]);
        reader.Read();
        return JsonText.Tolerant(ref reader);
    }

    private void Said(in ResponsesEventScan scan, ReadOnlySpan<byte> data, bool isDone, Func<int, string, ChatDelta> step, ICollection<ChatDelta> output)
    {
        var piece = At(scan.OutputIndex, scan.PartIndex);
        if (scan.TextBytes > 0 && !(isDone && piece.Filled))
        {
            piece.Filled = true;
            output.Add(step(piece.Index, TextOf(scan, data)));
        }
    }

    private static void LogProbs(in ResponsesEventScan scan, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        if (scan.Kind == ResponsesEventKind.TextDelta && !scan.LogProbs.Equals(default))
        {
            output.Add(new OpaqueDelta(OpenAIResponsesFormat.FormatName, TokenLogProbs.Name, Encoding.UTF8.GetString(data[scan.LogProbs])));
        }
    }

    private void Arguments(in ResponsesEventScan scan, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        // Of a call whose beginning was never told, the name comes with its end.
        if (!pieces.TryGetValue((scan.OutputIndex, 0), out var piece) || scan.TextBytes == 0)
        {
            return;
        }

        if (scan.Kind == ResponsesEventKind.ArgumentsDelta || !piece.Filled)
        {
            piece.Filled = true;
            var text = TextOf(scan, data);
            output.Add(new ToolCallArgumentsDelta(piece.Index, piece.Input?.Add(text) ?? text));
        }
    }

    private static void EndInput(Piece piece, ICollection<ChatDelta> output)
    {
        if (piece.Input?.End() is { Length: > 0 } end)
        {
            output.Add(new ToolCallArgumentsDelta(piece.Index, end));
        }
    }

    private void Thought(in ResponsesEventScan scan, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        if (scan.TextBytes == 0)
        {
            return;
        }

        var piece = At(scan.OutputIndex, 0);
        var section = (scan.Kind, scan.PartIndex);
        var text = TextOf(scan, data);
        if (piece.Filled && piece.Section != section)
        {
            text = "\n\n" + text;
        }

        piece.Filled = true;
        piece.Section = section;
        output.Add(new ReasoningDelta(piece.Index, text) { Vendor = Seals.OpenAI });
    }

    private void Added(in ResponsesEventScan scan, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        Any = true;
        var type = ResponsesItemType.Find(data[scan.Item]);
        if (ResponsesItemType.IsCall(data[scan.Item]))
        {
            var reader = new Utf8JsonReader(data[scan.Item], JsonLimits.Reader);
            using var document = JsonDocument.ParseValue(ref reader);
            Call((ToolCallPart)ResponsesItemReader.Read(new JsonFields(document.RootElement, "item"), Encoding.UTF8.GetString(type)), scan.OutputIndex, output);
        }
        else if (!type.SequenceEqual("message"u8) && !type.SequenceEqual("reasoning"u8))
        {
            output.Add(new OpaqueDelta(OpenAIResponsesFormat.FormatName, "response.output_item.added", Encoding.UTF8.GetString(data)));
        }
    }

    private Piece Call(ToolCallPart call, int item, ICollection<ChatDelta> output)
    {
        var isNew = !pieces.ContainsKey((item, 0));
        var piece = At(item, 0);
        if (isNew)
        {
            HasCall = true;
            piece.Input = call.IsCustom ? new() : null;
            output.Add(new ToolCallStartDelta(piece.Index, call.Id, call.Name) { IsCustom = call.IsCustom });
        }

        return piece;
    }

    private void Done(in ResponsesEventScan scan, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        Any = true;
        var reader = new Utf8JsonReader(data[scan.Item], JsonLimits.Reader);
        if (scan.Item.Equals(default) || !done.Add(scan.OutputIndex))
        {
            return;
        }

        using var document = JsonDocument.ParseValue(ref reader);
        var parts = new List<ContentPart>(1);
        ResponsesAnswerReader.Add(new JsonFields(document.RootElement, "item"), parts);
        switch (parts)
        {
            case [ToolCallPart call]:
                var piece = Call(call, scan.OutputIndex, output);
                if (!piece.Filled)
                {
                    piece.Filled = true;
                    output.Add(new ToolCallArgumentsDelta(piece.Index, call.Arguments));
                }
                else
                {
                    EndInput(piece, output);
                }

                break;
            case [ReasoningPart thinking]:
                Sealed(thinking, At(scan.OutputIndex, 0), output);
                break;
            case [OpaquePart { Format: var format, Type: var type, Json: var json }] when !IsOpen(scan.OutputIndex):
                output.Add(new OpaqueDelta(format, type, json));
                break;
            default:
                for (var i = 0; i < parts.Count && !IsOpen(scan.OutputIndex); i++)
                {
                    Whole(parts[i], output);
                }

                break;
        }

        foreach (var ((item, _), piece) in pieces)
        {
            if (item == scan.OutputIndex)
            {
                output.Add(new PartEndDelta(piece.Index));
            }
        }
    }

    private bool IsOpen(int item)
    {
        foreach (var (output, _) in pieces.Keys)
        {
            if (output == item)
            {
                return true;
            }
        }

        return false;
    }

    // The seal comes when the item is done; so does what is shown, from servers that send no deltas of it.
    private static void Sealed(ReasoningPart thinking, Piece piece, ICollection<ChatDelta> output)
    {
        var seal = thinking.Signature ?? thinking.Redacted;
        var isShown = piece.Filled || thinking.Text.Length > 0;
        output.Add(new ReasoningDelta(piece.Index, piece.Filled ? "" : thinking.Text, isShown ? seal : null, isShown ? null : seal)
        {
            Vendor = thinking.Vendor,
            Id = thinking.Id,
        });
        piece.Filled = true;
    }

    // A part that no event told of before.
    private void Whole(ContentPart part, ICollection<ChatDelta> output)
    {
        Any = true;
        if (part is OpaquePart opaque)
        {
            output.Add(new OpaqueDelta(opaque.Format, opaque.Type, opaque.Json));
            return;
        }

        var piece = new Piece(next++);
        switch (part)
        {
            case TextPart text:
                output.Add(new TextDelta(piece.Index, text.Text));
                foreach (var citation in text.Citations)
                {
                    output.Add(new CitationDelta(piece.Index, citation));
                }

                break;
            case RefusalPart refusal:
                output.Add(new RefusalDelta(piece.Index, refusal.Text));
                break;
            case ReasoningPart thinking:
                Sealed(thinking, piece, output);
                break;
            case ToolCallPart call:
                HasCall = true;
                output.Add(new ToolCallStartDelta(piece.Index, call.Id, call.Name) { IsCustom = call.IsCustom });
                output.Add(new ToolCallArgumentsDelta(piece.Index, call.Arguments));
                break;
        }

        output.Add(new PartEndDelta(piece.Index));
    }

    private sealed class Piece(int index)
    {
        public int Index => index;

        public bool Filled { get; set; }

        // A custom tool's text on its way into arguments; null for everything else.
        public InputWrapper? Input { get; set; }

        public (ResponsesEventKind Kind, int Part) Section { get; set; }
    }
}
