using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAICompletions;

/// <summary>Writes a streamed answer of any origin as this format's chunks. Text is all that they can hold.</summary>
internal sealed class CompletionEncoder(ReplyContext context) : StreamEncoder
{
    private string? id;
    private string? model;
    private Usage? usage;
    private bool finished;

    /// <inheritdoc/>
    public override void Write(ChatDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case StartDelta start:
                (id, model) = (start.Id, start.ResponseModel);
                break;
            case TextDelta text:
                Chunk(text.Text, null, output);
                break;
            case RefusalDelta refusal:
                Chunk(refusal.Text, null, output);
                break;
            case ReasoningDelta or ToolCallStartDelta or OpaqueDelta:
                Lose(delta);
                break;
            case UsageDelta counts:
                usage = counts.Usage;
                break;
            case FinishDelta finish when !finished:
                finished = true;
                LostFinish.Warn(finish.Reason, "finish_reason", Lost);
                Chunk("", OpenAIWords.Finish(finish.Reason), output);
                break;
            case EndDelta:
                End(output);
                break;
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => OpenAIChatErrors.WriteEvent(error, output);

    private void Lose(ChatDelta delta)
    {
        var name = delta switch { OpaqueDelta opaque => opaque.Type, ReasoningDelta => "reasoning", _ => "tool_calls" };
        Lose(name, "this format has a place for text only");
    }

    private void End(IBufferWriter<byte> output)
    {
        if (context.StreamUsage && usage is { } counts)
        {
            Chunk(null, null, output, counts);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    private void Chunk(string? text, string? finish, IBufferWriter<byte> output, Usage? counts = null)
    {
        output.Write("data: "u8);
        using (var writer = new Utf8JsonWriter(output, JsonLimits.Writer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", id ?? context.FallbackId);
            writer.WriteString("object", "text_completion");
            writer.WriteNumber("created", context.Created.ToUnixTimeSeconds());
            writer.WriteString("model", model ?? context.Model);
            writer.WriteStartArray("choices");
            if (text is not null)
            {
                writer.WriteStartObject();
                writer.WriteString("text", text);
                writer.WriteNumber("index", 0);
                writer.WriteNull("logprobs");
                writer.WriteString("finish_reason", finish);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (counts is { } known)
            {
                UsageWriter.Write(known, writer);
                UsageWriter.WriteCost(known, context, writer);
            }

            writer.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }
}
