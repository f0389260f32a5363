using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAICompletions;

/// <summary>Whole answers: read like chat's, which knows the shape of a choice with text too.</summary>
internal sealed class CompletionResponses : IResponseWire
{
    private static readonly OpenAIChatResponses Chat = new();

    /// <inheritdoc/>
    public ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks) => Chat.Read(body, quirks);

    /// <inheritdoc/>
    public AnswerFacts Scan(ReadOnlySpan<byte> body, WireQuirks quirks) => Chat.Scan(body, quirks);

    /// <inheritdoc/>
    public void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("id", response.Id ?? context.FallbackId);
        writer.WriteString("object", "text_completion");
        writer.WriteNumber("created", (response.Created ?? context.Created).ToUnixTimeSeconds());
        writer.WriteString("model", response.ResponseModel ?? context.Model);
        writer.WriteStartArray("choices");
        WriteChoice(response, 0, writer, warnings);
        for (var i = 0; i < response.MoreChoices.Count; i++)
        {
            WriteChoice(response.MoreChoices[i], i + 1, writer, warnings);
        }

        writer.WriteEndArray();
        if (response.Usage is { } usage)
        {
            UsageWriter.Write(usage, writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteChoice(ChatResponse choice, int index, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var text = "";
        foreach (var part in choice.Parts)
        {
            switch (part)
            {
                case TextPart piece:
                    text += piece.Text;
                    break;
                case RefusalPart piece:
                    text += piece.Text;
                    break;
                default:
                    LostPart.Warn(part, choice.Parts, warnings);
                    break;
            }
        }

        writer.WriteStartObject();
        writer.WriteString("text", text);
        writer.WriteNumber("index", index);
        writer.WriteNull("logprobs");
        LostFinish.Warn(choice.FinishReason, $"choices[{index}].finish_reason", warnings);
        writer.WriteString("finish_reason", OpenAIWords.Finish(choice.FinishReason));
        writer.WriteEndObject();
    }
}
