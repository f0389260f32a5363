using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Ollama;

/// <summary>Passes a stream of lines on as it is, while it reads off what the record needs. Nothing is allocated per line.</summary>
internal sealed class OllamaStreamRelay(ReplyContext context) : StreamRelay
{
    private readonly LineReader lines = new();

    /// <inheritdoc/>
    public override void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        while (lines.TryRead(ref chunk, out var line))
        {
            if (Ended || Failure is not null)
            {
                return;
            }

            Pass(line, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(IBufferWriter<byte> output)
    {
        if (lines.TryReadRest(out var rest) && !Ended && Failure is null && Gemini.GeminiStream.IsWhole(rest))
        {
            Pass(rest, output);
            if (Failure is null)
            {
                output.Write("\n"u8);
            }
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output)
    {
        OllamaErrors.WriteLine(error, output);
        output.Write("\n"u8);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lines.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Pass(ReadOnlySpan<byte> line, IBufferWriter<byte> output)
    {
        if (line.IndexOfAnyExcept(" \r\n\t"u8) < 0)
        {
            return;
        }

        var scan = new OllamaLineScan { WantsModel = Facts.ResponseModel is null };
        try
        {
            scan.Read(line);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("A line of the stream is not valid JSON.");
        }

        if (scan.IsError)
        {
            Failure = OllamaLine.Failure(line);
            return;
        }

        scan.Note(Facts);
        HasContent |= scan.HasContent || scan.IsDone;
        Ended = scan.IsDone;
        if (scan.IsDone && Facts.Usage is { } usage && context.CostUsd?.Invoke(usage) is { } cost)
        {
            WriteWithCost(line, cost, output);
            return;
        }

        output.Write(line);
    }
    private static void WriteWithCost(ReadOnlySpan<byte> line, decimal cost, IBufferWriter<byte> output)
    {
        var end = line.LastIndexOf((byte)'}');
        output.Write(line[..end]);
        output.Write(","u8);
        output.Write(JsonBytes.Members(json =>
        {
            json.WriteStartObject("sommelier");
            json.WriteNumber("cost_usd", cost);
            json.WriteEndObject();
        }).Span);
        output.Write(line[end..]);
    }
}
