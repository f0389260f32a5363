using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.Gemini;

/// <summary>Passes a stream of events on as it is, while it reads off what the record needs.</summary>
internal sealed class GeminiStreamRelay(ReplyContext context) : StreamRelay
{
    private readonly SseReader events = new();
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
            output.Write("\n\n"u8);
        }

        Ended = Failure is null && (Facts.FinishReason is not null || blocked);
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => GeminiStreamEncoder.WriteEvent(error, output);

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
            output.Write(next.Raw);
            return;
        }

        var scan = new GeminiChunkScan { WantsNames = Facts.ResponseModel is null };
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

        scan.Note(Facts);
        if (scan.HasBlock && Facts.FinishReason is null)
        {
            blocked = true;
            Facts.FinishReason = new(FinishReasonKind.ContentFilter);
        }

        HasContent |= scan.HasContent || Facts.FinishReason is not null;
        if (scan is { UsageEnd: > 0, Usage: { } usage } && Facts.FinishReason is not null && context.CostUsd?.Invoke(usage) is { } cost)
        {
            WriteWithCost(next.Data, scan.UsageEnd, cost, output);
            return;
        }

        output.Write(next.Raw);
    }

    private static void WriteWithCost(ReadOnlySpan<byte> data, int at, decimal cost, IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        output.Write(data[..at]);
        output.Write(","u8);
        output.Write(JsonBytes.Members(json =>
        {
            json.WriteStartObject("sommelier");
            json.WriteNumber("cost_usd", cost);
            json.WriteEndObject();
        }).Span);
        output.Write(data[at..]);
        output.Write("\r\n\r\n"u8);
    }
}
