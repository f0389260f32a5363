using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>
/// Passes a stream on while it reads off usage, finish reason and failures. Nothing is allocated per event, but for one whose
/// ids are not those under which things began (<see cref="SteadyIds"/>).
/// </summary>
internal sealed class OpenAIResponsesRelay(WireQuirks quirks, ReplyContext context) : StreamRelay
{
    private readonly SseReader reader = new();
    private readonly ReadOnlyMemory<byte> continued = ResponsesContinued.Id(context);
    private readonly SteadyIds ids = new();
    private ResponsesSearches searches;
    private long sequence = -1;
    private bool anyItem;

    /// <inheritdoc/>
    public override void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        while (Failure is null && !Ended && reader.TryRead(ref chunk, out var item))
        {
            Relay(item, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(IBufferWriter<byte> output)
    {
        if (Failure is not null || Ended || !reader.TryReadRest(out var rest))
        {
            return;
        }

        // An event that the end of the connection cut cannot stand alone; that the answer is not whole tells Ended.
        try
        {
            Relay(rest, output);
            output.Write(Failure is null ? "\n\n"u8 : default);
        }
        catch (UpstreamException)
        {
            Ended = false;
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => ResponsesErrorEvent.Write(error, sequence + 1, output);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        reader.Dispose();
        base.Dispose(disposing);
    }

    private void Relay(SseEvent item, IBufferWriter<byte> output)
    {
        if (item.Data.IsEmpty)
        {
            // A comment, sent while a request waits in a queue.
            output.Write(item.Raw);
            return;
        }

        var data = item.Data.Trim(" \t"u8);
        if (data.SequenceEqual("[DONE]"u8))
        {
            // Some servers add the chat format's mark; here it means nothing.
            return;
        }

        try
        {
            Event(item, data, output);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("A streamed event is not JSON.");
        }
    }

    private void Event(SseEvent item, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        var scan = ResponsesEventScan.Read(data);
        switch (scan.Kind)
        {
            case ResponsesEventKind.Error:
                Failure = OpenAIResponsesAnswers.Failure(data);
                return;
            case ResponsesEventKind.Failed:
                Failure = OpenAIResponsesAnswers.Failure(data[scan.Response]);
                return;
            case ResponsesEventKind.Begun:
                Begin(item, data, scan, output);
                return;
            case ResponsesEventKind.Ended:
                End(item, data, scan, output);
                return;
            default:
                Note(scan, data);
                break;
        }

        sequence = Math.Max(sequence, scan.Sequence);
        Write(item, data, ids.Look(data, scan), output);
    }

    private void Note(in ResponsesEventScan scan, ReadOnlySpan<byte> data)
    {
        switch (scan.Kind)
        {
            case ResponsesEventKind.TextDelta or ResponsesEventKind.RefusalDelta or ResponsesEventKind.ArgumentsDelta
                or ResponsesEventKind.SummaryDelta or ResponsesEventKind.ThinkingDelta:
                Facts.OutputBytes += scan.TextBytes;
                HasContent |= scan.TextBytes > 0;
                break;
            case ResponsesEventKind.ItemAdded:
                anyItem = true;
                var isCall = ResponsesItemType.IsCall(data[scan.Item]);
                Facts.HasToolCall |= isCall;
                HasContent |= isCall;
                Count(scan, data);
                break;
            case ResponsesEventKind.ItemDone:
                anyItem = true;
                HasContent = true;
                Count(scan, data);
                break;
            case ResponsesEventKind.Other:
                HasContent |= scan.Type.End.Value > 0;
                break;
        }
    }

    private void Count(in ResponsesEventScan scan, ReadOnlySpan<byte> data)
    {
        searches.Take(scan.Kind, data[scan.Item]);
        Facts.WebSearches = searches.Count;
    }

    private void Begin(SseEvent item, ReadOnlySpan<byte> data, in ResponsesEventScan scan, IBufferWriter<byte> output)
    {
        var json = data[scan.Response];
        var answer = ResponsesAnswerScan.Read(json, quirks);
        Note(answer, json);
        sequence = Math.Max(sequence, scan.Sequence);
        Pass(item, data, scan, answer, null, output);
    }

    private void Note(in ResponsesAnswerScan answer, ReadOnlySpan<byte> json)
    {
        if (Facts.Id is null && !answer.Id.Equals(default))
        {
            Facts.Id = Encoding.UTF8.GetString(json[answer.Id]);
        }

        if (Facts.ResponseModel is null && !answer.Model.Equals(default))
        {
            Facts.ResponseModel = Encoding.UTF8.GetString(json[answer.Model]);
        }
    }

    private void End(SseEvent item, ReadOnlySpan<byte> data, in ResponsesEventScan scan, IBufferWriter<byte> output)
    {
        var json = data[scan.Response];
        var answer = ResponsesAnswerScan.Read(json, quirks);
        Note(answer, json);
        if (answer.IsError)
        {
            Failure = OpenAIResponsesAnswers.Failure(json);
            return;
        }

        if (answer.Items == 0 && !anyItem && !HasContent && answer.Status == ResponsesStatus.Completed)
        {
            Failure = OpenAIResponsesAnswers.Empty();
            return;
        }

        Facts.FinishReason = answer.Finish(Facts.HasToolCall);
        Facts.Usage = answer.Usage;
        Facts.HasToolCall |= answer.HasToolCall;
        Facts.OutputBytes = Math.Max(Facts.OutputBytes, answer.OutputBytes);
        HasContent = true;
        Ended = true;
        Pass(item, data, scan, answer, answer.Usage is { } usage ? context.CostUsd?.Invoke(usage) : null, output);
    }

    // An event with a response object: as it is, unless the object must name the answer that the caller continues, or its cost.
    private void Pass(SseEvent item, ReadOnlySpan<byte> data, in ResponsesEventScan scan, in ResponsesAnswerScan answer, decimal? cost, IBufferWriter<byte> output)
    {
        var edits = ids.Look(data, scan);
        var response = scan.Response;
        if (!continued.IsEmpty)
        {
            ResponsesContinued.Edit(continued, answer, response.Start.Value, response.End.Value, edits ??= new());
        }

        if (cost is { } usd)
        {
            (edits ??= new()).Insert(response.End.Value - 1, Cost(usd));
        }

        Write(item, data, edits, output);
    }

    private static void Write(SseEvent item, ReadOnlySpan<byte> data, JsonEdits? edits, IBufferWriter<byte> output)
    {
        if (edits is null)
        {
            output.Write(item.Raw);
            return;
        }

        // Data of several lines were joined elsewhere; those of one line stand in the event.
        if (item.Raw.Overlaps(data, out var offset))
        {
            output.Write(item.Raw[..offset]);
            edits.Apply(data, output);
            output.Write(item.Raw[(offset + data.Length)..]);
            return;
        }

        var whole = new ArrayBufferWriter<byte>(data.Length + 256);
        edits.Apply(data, whole);
        WriteJoined(item.Name, whole.WrittenSpan, output);
    }

    private static ReadOnlyMemory<byte> Cost(decimal usd)
    {
        var text = new ArrayBufferWriter<byte>(64);
        text.Write(","u8);
        text.Write(JsonBytes.Members(json =>
        {
            json.WriteStartObject("sommelier");
            json.WriteNumber("cost_usd", usd);
            json.WriteEndObject();
        }).Span);
        return text.WrittenMemory;
    }

    private static void WriteJoined(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        if (!name.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(name);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);

        // Lines of one event were joined by line feeds, which JSON allows but one data line does not.
        foreach (var line in data.Split((byte)'\n'))
        {
            output.Write(data[line]);
        }

        output.Write("\n\n"u8);
    }
}
