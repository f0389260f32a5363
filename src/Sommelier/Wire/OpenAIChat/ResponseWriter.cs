using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Writes a whole answer of any origin.</summary>
internal static class ResponseWriter
{
    /// <inheritdoc cref="IResponseWire.Write"/>
    public static void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("id", response.Id ?? context.FallbackId);
        writer.WriteString("object", "chat.completion");
        writer.WriteNumber("created", (response.Created ?? context.Created).ToUnixTimeSeconds());
        writer.WriteString("model", response.ResponseModel ?? context.Model);
        writer.WriteStartArray("choices");
        response = TokenLogProbs.Take(response, OpenAIChatFormat.FormatName, out var ofFirst);
        WriteChoice(response, 0, ofFirst, context, writer, warnings);
        for (var i = 0; i < response.MoreChoices.Count; i++)
        {
            WriteChoice(TokenLogProbs.Take(response.MoreChoices[i], OpenAIChatFormat.FormatName, out var ofOther), i + 1, ofOther, context, writer, warnings);
        }

        writer.WriteEndArray();
        if (response.Usage is { } usage)
        {
            UsageWriter.Write(usage, writer);
        }

        ServingWords.Write(response.SystemFingerprint, response.ServiceTier, writer);
        WriteExtra(response.Extra, writer, warnings);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void WriteChoice(ChatResponse choice, int index, string? tokens, ReplyContext context, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", index);
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        WriteMessage(choice, $"choices[{index}]", context, writer, warnings);
        Extras.WriteInner(choice.Extra, "message.", writer, OpenAIChatFormat.FormatName);
        writer.WriteEndObject();
        if ((tokens is null ? Extras.Find(choice.Extra, ResponseReader.LogProbs) : TokenLogProbs.Chat(tokens)) is { } logProbs)
        {
            writer.WritePropertyName("logprobs");
            writer.WriteRawValue(logProbs, skipInputValidation: true);
        }
        else
        {
            writer.WriteNull("logprobs");
        }

        LostFinish.Warn(choice.FinishReason, $"choices[{index}].finish_reason", warnings);
        writer.WriteString("finish_reason", LegacyCalls.Finish(choice.FinishReason, context));
        writer.WriteEndObject();
    }

    private static void WriteMessage(ChatResponse choice, string path, ReplyContext context, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var text = default(JoinedText);
        var length = 0;
        List<(Citation Citation, int Start, int End)>? cited = null;
        var thinking = default(JoinedText);
        var refusal = default(JoinedText);
        var calls = 0;
        foreach (var part in choice.Parts)
        {
            switch (part)
            {
                case TextPart piece:
                    foreach (var citation in piece.Citations)
                    {
                        (cited ??= []).Add((citation, length + (citation.Start ?? 0), length + (citation.End ?? piece.Text.Length)));
                    }

                    length += piece.Text.Length;
                    text.Add(piece.Text);
                    Extras.Warn(piece.Extra, path, warnings);
                    break;
                case RefusalPart piece:
                    refusal.Add(piece.Text);
                    break;
                case ReasoningPart piece:
                    thinking.Add(piece.Text);
                    if (piece.Extra is { Format: not OpenAIChatFormat.FormatName })
                    {
                        Extras.Warn(piece.Extra, path, warnings);
                    }

                    break;
                case ToolCallPart:
                    calls++;
                    break;
                default:
                    LostPart.Warn(part, choice.Parts, warnings);
                    break;
            }
        }

        WriteTexts(text.Text ?? (calls > 0 || refusal.Text is not null ? null : ""), refusal.Text, thinking.Text, writer);
        WriteAnnotations(cited ?? [], writer);
        WriteDetails(choice.Parts, writer);
        if (calls > 0 && LegacyCalls.AreWanted(context))
        {
            LegacyCalls.Write(choice.Parts, path, writer, warnings);
        }
        else if (calls > 0)
        {
            WriteCalls(choice.Parts, context, writer, path, warnings);
        }
    }

    private static void WriteTexts(string? text, string? refusal, string? thinking, Utf8JsonWriter writer)
    {
        writer.WriteString("content", text);
        writer.WriteString("refusal", refusal);
        if (!string.IsNullOrEmpty(thinking))
        {
            writer.WriteString("reasoning_content", thinking);
        }
    }

    private static void WriteAnnotations(List<(Citation Citation, int Start, int End)> cited, Utf8JsonWriter writer)
    {
        if (cited.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("annotations");
        foreach (var (citation, start, end) in cited)
        {
            UrlCitations.Write(citation, start, end, OpenAIChatFormat.FormatName, nested: true, writer);
        }

        writer.WriteEndArray();
    }

    private static void WriteDetails(IReadOnlyList<ContentPart> parts, Utf8JsonWriter writer)
    {
        foreach (var part in parts)
        {
            if (part is ReasoningPart { Extra: { } extra } && Extras.Find(extra, ReasoningParts.Details) is { } raw)
            {
                writer.WritePropertyName(ReasoningParts.Details);
                writer.WriteRawValue(raw, skipInputValidation: true);
                return;
            }
        }

        if (ReasoningParts.NeedDetails(parts))
        {
            ReasoningParts.WriteDetails(parts, writer);
        }
    }

    private static void WriteCalls(IReadOnlyList<ContentPart> parts, ReplyContext context, Utf8JsonWriter writer, string path, ICollection<Warning> warnings)
    {
        writer.WriteStartArray("tool_calls");
        foreach (var part in parts)
        {
            if (part is ToolCallPart call)
            {
                writer.WriteStartObject();
                writer.WriteString("id", call.Id);
                CallWriter.Write(call, call.IsCustom || context.IsCustomTool(call.Name), writer);
                Extras.Write(call.Extra, writer, OpenAIChatFormat.FormatName, $"{path}.message.tool_calls", warnings, ToolReader.Inner, ToolReader.Custom);
                CallSeal.Write(call.Signature, writer);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteExtra(Extra? extra, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (extra is null)
        {
            return;
        }

        if (!string.Equals(extra.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal))
        {
            Extras.Warn(extra, "", warnings);
            return;
        }

        foreach (var (name, json) in extra.Fields)
        {
            if (!name.StartsWith("message.", StringComparison.Ordinal) && name is not ResponseReader.LogProbs)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }
}
