using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.Gemini;

/// <summary>
/// Passes a stream of events on, as it is or as the items of one array, while it reads off what the record needs. Nothing is
/// allocated per event.
/// </summary>
/// <remarks>Vendors are always asked for events, whichever framing the caller wants.</remarks>
internal sealed class GeminiStreamRelay(ReplyContext context) : StreamRelay
{
    private readonly SseReader events = new();
    private readonly GeminiFrames frames = new(context.Path);
    private bool blocked;

    /// <inheritdoc/>
    public override void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        while (events.TryRead(ref chunk, out var next))
        {
            if (Failure is not null)
            {
                return;
            }

            Pass(next, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(IBufferWriter<byte> output)
    {
        if (events.TryReadRest(out var rest) && Failure is null && GeminiStream.IsWhole(rest.Data))
        {
            Pass(rest, output);
            output.Write(frames.IsArray || Failure is not null ? default : "\n\n"u8);
        }

        Ended = Failure is null && (Facts.FinishReason is not null || blocked);
        if (Ended)
        {
            frames.End(output);
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => frames.Error(error, output);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            events.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Pass(in SseEvent next, IBufferWriter<byte> output)
    {
        if (next.Data.IsEmpty)
        {
            // A comment, which has no place in an array.
            output.Write(frames.IsArray ? default : next.Raw);
            return;
        }

        var scan = new GeminiChunkScan();
        try
        {
            scan.Read(next.Data);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("An event is not valid JSON.");
        }

        if (scan.IsError)
        {
            Failure = GeminiErrorReader.InStream(next.Data);
            return;
        }

        scan.Note(Facts, next.Data);
        if (scan.HasBlock && Facts.FinishReason is null)
        {
            blocked = true;
            Facts.FinishReason = new(FinishReasonKind.ContentFilter);
        }

        HasContent |= scan.HasContent || Facts.FinishReason is not null;
        if (scan.UsageEnd > 0 && Facts is { Usage: { } usage, FinishReason: not null } && context.CostUsd?.Invoke(usage) is { } cost)
        {
            WriteWithCost(next.Data, scan.UsageEnd, cost, output);
            return;
        }

        if (!frames.IsArray)
        {
            output.Write(next.Raw);
            return;
        }

        frames.Open(output);
        output.Write(next.Data);
    }

    private void WriteWithCost(ReadOnlySpan<byte> data, int at, decimal cost, IBufferWriter<byte> output)
    {
        frames.Open(output);
        output.Write(data[..at]);
        output.Write(","u8);
        output.Write(JsonBytes.Members(json =>
        {
            json.WriteStartObject("sommelier");
            json.WriteNumber("cost_usd", cost);
            json.WriteEndObject();
        }).Span);
        output.Write(data[at..]);
        frames.Close(output);
    }
}
