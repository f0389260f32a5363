using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Writes a stream: each step is an answer in small, as an event or as the item of one array.</summary>
/// <remarks>Calls are held until they are whole, since Google sends no halves; the reason comes last, with the counts.</remarks>
internal sealed class GeminiStreamEncoder(ReplyContext context) : StreamEncoder
{
    private readonly List<OpenCall> calls = [];
    private readonly List<CitationDelta> citations = [];

    // Of each part of text: its place in all of the text, and whether a character of it is a byte.
    private readonly Dictionary<int, (int Start, int Bytes, bool Ascii)> said = [];
    private int bytes;
    private readonly GeminiFrames frames = new(context.Path);
    private Utf8JsonWriter? json;
    private string id = context.FallbackId;
    private string model = context.Model;
    private Usage? usage;
    private FinishReason? finish;
    private bool refused;
    private bool over;

    /// <inheritdoc/>
    public override void Write(ChatDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case StartDelta start:
                (id, model) = (start.Id ?? id, start.ResponseModel ?? model);
                break;
            case TextDelta { Text.Length: > 0 } text:
                Count(text.Index, text.Text);
                Text(text.Text, output);
                break;
            case CitationDelta { Citation.Source.Format: GeminiFormat.FormatName }:
                break;
            case CitationDelta cited:
                Count(cited.Index, "");
                citations.Add(cited);
                break;
            case RefusalDelta { Text.Length: > 0 } refusal:
                refused = true;
                Text(refusal.Text, output);
                break;
            case ReasoningDelta thinking when thinking.Text.Length > 0 || thinking.Signature is not null || thinking.Redacted is not null:
                Part(new ReasoningPart(thinking.Text, thinking.Signature, thinking.Redacted) { Vendor = thinking.Vendor, Id = thinking.Id }, output);
                break;
            case ToolCallStartDelta call:
                calls.Add(new(call.Index, call.Id, call.Name, call.Signature));
                break;
            case ToolCallArgumentsDelta arguments:
                Find(arguments.Index)?.Arguments.Append(arguments.Arguments);
                break;
            case PartEndDelta end:
                Flush(end.Index, output);
                break;
            case UsageDelta counts:
                usage = counts.Usage;
                break;
            case FinishDelta done:
                GeminiFinish.Warn(done.Reason, Lost);
                finish = done.Reason;
                break;
            case OpaqueDelta opaque:
                Opaque(opaque, output);
                break;
            case FailureDelta:
                WriteError(new GatewayError(GatewayErrorKind.UpstreamUnavailable, "The upstream failed while it answered.", 502), output);
                break;
            case EndDelta:
                End(output);
                break;
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output)
    {
        over = true;
        frames.Error(error, output);
    }

    private void Part(ContentPart part, IBufferWriter<byte> output)
    {
        var writer = BeginPart(output);
        GeminiResponseWriter.Part(part, writer, Lost);
        EndPart(writer);
        Close(writer, output);
    }

    private void Count(int index, string text)
    {
        var part = said.TryGetValue(index, out var known) ? known : (Start: bytes, Bytes: 0, Ascii: true);
        var more = Encoding.UTF8.GetByteCount(text);
        said[index] = (part.Start, part.Bytes + more, part.Ascii && more == text.Length);
        bytes += more;
    }

    // The place is not known of a piece of a text that is not kept and whose characters are not bytes.
    private (Citation, (int, int, int)?) Place(CitationDelta cited)
    {
        var (start, length, ascii) = said[cited.Index];
        var (from, to) = (cited.Citation.Start, cited.Citation.End);
        return (cited.Citation, (from is null or 0) && to is null ? (0, start, start + length) : ascii ? (0, start + (from ?? 0), start + Math.Min(to ?? length, length)) : null);
    }

    private void Text(string text, IBufferWriter<byte> output)
    {
        var writer = BeginPart(output);
        GeminiPartWriter.Text(text, null, null, "content", writer, Lost);
        EndPart(writer);
        Close(writer, output);
    }

    private OpenCall? Find(int index) => calls.Find(call => call.Index == index);

    // The calls of a part, or all of them.
    private void Flush(int? index, IBufferWriter<byte> output)
    {
        foreach (var call in calls)
        {
            if (index is null || call.Index == index)
            {
                Part(new ToolCallPart(call.Id, call.Name, call.Arguments.ToString()) { Signature = call.Signature }, output);
            }
        }

        calls.RemoveAll(call => index is null || call.Index == index);
    }

    private void Opaque(OpaqueDelta opaque, IBufferWriter<byte> output)
    {
        if (opaque.Type is TokenLogProbs.Name && TokenLogProbs.Of(opaque) is { } tokens)
        {
            var writer = Begin(output);
            if (string.Equals(opaque.Format, GeminiFormat.FormatName, StringComparison.Ordinal))
            {
                writer.WritePropertyName(GeminiLogProbs.Name);
                writer.WriteRawValue(opaque.Json, skipInputValidation: true);
            }
            else
            {
                GeminiLogProbs.Write(tokens, writer);
            }

            Close(writer, output);
        }
        else if (!string.Equals(opaque.Format, GeminiFormat.FormatName, StringComparison.Ordinal) || opaque.Type.StartsWith("candidate", StringComparison.Ordinal))
        {
            Lose(opaque.Type);
        }
        else if (opaque.Type is "groundingMetadata")
        {
            var writer = Begin(output);
            writer.WritePropertyName(opaque.Type);
            writer.WriteRawValue(opaque.Json, skipInputValidation: true);
            Close(writer, output);
        }
        else
        {
            Part(new OpaquePart(opaque.Format, opaque.Type, opaque.Json), output);
        }
    }

    private void End(IBufferWriter<byte> output)
    {
        Flush(null, output);
        if (over)
        {
            return;
        }

        over = true;
        var writer = BeginPart(output);
        GeminiPartWriter.Text("", null, null, "content", writer, Lost);
        EndPart(writer);
        writer.WriteString("finishReason"u8, GeminiFinish.Write(RefusedAnswer.Finish(finish ?? new(FinishReasonKind.Other), refused)));
        GeminiGrounding.Write(citations.ConvertAll(Place), writer);
        Close(writer, output, last: true);
        frames.End(output);
    }

    private Utf8JsonWriter BeginPart(IBufferWriter<byte> output)
    {
        var writer = Begin(output);
        writer.WriteStartObject("content"u8);
        writer.WriteStartArray("parts"u8);
        return writer;
    }

    private static void EndPart(Utf8JsonWriter writer)
    {
        writer.WriteEndArray();
        writer.WriteString("role"u8, "model"u8);
        writer.WriteEndObject();
    }

    private Utf8JsonWriter Begin(IBufferWriter<byte> output)
    {
        frames.Open(output);
        json ??= new Utf8JsonWriter(output, JsonLimits.Writer);
        json.Reset(output);
        json.WriteStartObject();
        json.WriteStartArray("candidates"u8);
        json.WriteStartObject();
        return json;
    }

    private void Close(Utf8JsonWriter writer, IBufferWriter<byte> output, bool last = false)
    {
        writer.WriteNumber("index"u8, 0);
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (last && usage is { } counts)
        {
            GeminiUsage.Write(counts, writer);
            OpenAIChat.UsageWriter.WriteCost(counts, context, writer);
        }

        writer.WriteString("modelVersion"u8, model);
        writer.WriteString("responseId"u8, id);
        writer.WriteEndObject();
        writer.Flush();
        frames.Close(output);
    }

    private sealed record OpenCall(int Index, string Id, string Name, string? Signature)
    {
        public StringBuilder Arguments { get; } = new();
    }
}
