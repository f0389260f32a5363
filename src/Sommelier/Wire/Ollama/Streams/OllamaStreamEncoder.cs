using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Ollama;

/// <summary>Writes a stream: a line a step. Calls are held until they are whole, since their arguments are objects.</summary>
internal sealed class OllamaStreamEncoder(ReplyContext context, OllamaShape shape) : StreamEncoder
{
    private readonly List<OpenCall> calls = [];
    private Utf8JsonWriter? json;
    private string model = context.Model;
    private Usage? usage;
    private FinishReason? finish;

    /// <inheritdoc/>
    public override void Write(ChatDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case StartDelta start:
                model = start.ResponseModel ?? model;
                break;
            case TextDelta { Text.Length: > 0 } text:
                Words(text.Text, output);
                break;
            case RefusalDelta { Text.Length: > 0 } refusal:
                Lost.Add(OllamaLine.RefusalInWords);
                Words(refusal.Text, output);
                break;
            case ReasoningDelta thinking:
                if (thinking.Text.Length > 0 || thinking.Signature is not null || thinking.Redacted is not null)
                {
                    Line(new ReasoningPart(thinking.Text, thinking.Signature, thinking.Redacted), output);
                }

                break;
            case ToolCallStartDelta call:
                calls.Add(new(call.Index, call.Id, call.Name));
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
                LostFinish.Warn(done.Reason, "done_reason", Lost);
                finish = done.Reason;
                break;
            case CitationDelta:
                CitationWarnings.Add(Lost);
                break;
            case OpaqueDelta step when TokenLogProbs.Of(step) is { } tokens:
                LogProbs(tokens, output);
                break;
            case OpaqueDelta opaque:
                Lose(opaque.Type);
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
        OllamaErrors.WriteLine(error, output);
        output.Write("\n"u8);
    }

    private void Words(string text, IBufferWriter<byte> output)
    {
        var writer = Begin(output);
        OllamaLine.WriteWords(text, "", [], shape, writer, Lost);
        writer.WriteBoolean("done"u8, false);
        Close(writer, output);
    }

    private void Line(ContentPart part, IBufferWriter<byte> output)
    {
        var writer = Begin(output);
        OllamaLine.WriteWords([part], shape, writer, Lost);
        writer.WriteBoolean("done"u8, false);
        Close(writer, output);
    }

    private void LogProbs(string tokens, IBufferWriter<byte> output)
    {
        var writer = Begin(output);
        OllamaLine.WriteWords("", "", [], shape, writer, Lost);
        OllamaLine.WriteLogProbs(tokens.ReplaceLineEndings(" "), writer);
        writer.WriteBoolean("done"u8, false);
        Close(writer, output);
    }

    private OpenCall? Find(int index) => calls.Find(call => call.Index == index);

    // The calls of a part, or all of them.
    private void Flush(int? index, IBufferWriter<byte> output)
    {
        foreach (var call in calls)
        {
            if (index is not null && call.Index != index)
            {
                continue;
            }

            if (shape == OllamaShape.Chat)
            {
                Line(new ToolCallPart(call.Id, call.Name, call.Arguments.ToString()), output);
            }
            else
            {
                Lost.Add(new Warning("dropped", "tool_calls", "a completion has no tool calls"));
            }
        }

        calls.RemoveAll(call => index is null || call.Index == index);
    }

    private void End(IBufferWriter<byte> output)
    {
        Flush(null, output);
        var writer = Begin(output);
        OllamaLine.WriteWords([], shape, writer, Lost);
        OllamaLine.WriteEnd(finish ?? new(FinishReasonKind.Other), usage, context, writer);
        Close(writer, output);
    }

    private Utf8JsonWriter Begin(IBufferWriter<byte> output)
    {
        json ??= new Utf8JsonWriter(output, JsonLimits.Writer);
        json.Reset(output);
        json.WriteStartObject();
        OllamaLine.WriteHead(model, context.Created, json);
        return json;
    }

    private static void Close(Utf8JsonWriter writer, IBufferWriter<byte> output)
    {
        writer.WriteEndObject();
        writer.Flush();
        output.Write("\n"u8);
    }

    private sealed record OpenCall(int Index, string Id, string Name)
    {
        public StringBuilder Arguments { get; } = new();
    }
}
