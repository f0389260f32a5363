using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Writes whole answers.</summary>
internal static class GeminiResponseWriter
{
    private const string Format = GeminiFormat.FormatName;
    private const string OfCandidate = "candidate.";

    /// <summary>Writes an answer of any origin.</summary>
    public static void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteStartArray("candidates"u8);
        response = TokenLogProbs.Take(response, Format, out var ofFirst);
        Candidate(response, 0, ofFirst, writer, warnings);
        for (var i = 0; i < response.MoreChoices.Count; i++)
        {
            Candidate(TokenLogProbs.Take(response.MoreChoices[i], Format, out var ofOther), i + 1, ofOther, writer, warnings);
        }

        writer.WriteEndArray();
        if (response.Usage is { } usage)
        {
            GeminiUsage.Write(usage, writer);
        }

        writer.WriteString("modelVersion"u8, response.ResponseModel ?? context.Model);
        writer.WriteString("responseId"u8, response.Id ?? context.FallbackId);
        if (response.Usage is { } counts)
        {
            OpenAIChat.UsageWriter.WriteCost(counts, context, writer);
        }

        Rest(response.Extra, writer, warnings);
        writer.WriteEndObject();
    }

    /// <summary>Writes one part of an answer.</summary>
    public static void Part(ContentPart part, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        switch (part)
        {
            case ReasoningPart thinking:
                GeminiPartWriter.Thought(thinking, Seals.CarryBytes(thinking, Seals.Google), writer, warnings);
                break;
            case ToolCallPart call:
                GeminiPartWriter.Call(call, call.Signature, "content", writer, warnings);
                break;
            default:
                GeminiPartWriter.Part(part, null, "content", WireQuirks.Default, writer, warnings);
                break;
        }
    }

    private static void Candidate(ChatResponse choice, int index, string? tokens, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("content"u8);
        writer.WriteStartArray("parts"u8);
        foreach (var part in choice.Parts)
        {
            if (part is OpaquePart { Format: not Format })
            {
                LostPart.Warn(part, choice.Parts, warnings);
            }
            else
            {
                Part(part, writer, warnings);
            }
        }

        writer.WriteEndArray();
        writer.WriteString("role"u8, "model"u8);
        writer.WriteEndObject();
        GeminiFinish.Warn(choice.FinishReason, warnings);
        writer.WriteString("finishReason"u8, GeminiFinish.Write(RefusedAnswer.Finish(choice.FinishReason, choice.Parts)));
        writer.WriteNumber("index"u8, index);
        GeminiGrounding.Write(Cited(choice.Parts), writer);
        GeminiLogProbs.Write(tokens, writer);
        foreach (var (name, json) in Own(choice.Extra))
        {
            if (name.StartsWith(OfCandidate, StringComparison.Ordinal))
            {
                writer.WritePropertyName(name.AsSpan(OfCandidate.Length));
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }

        writer.WriteEndObject();
    }

    // Google's own stand in the candidate's other fields.
    private static List<(Citation, (int, int, int)?)> Cited(IReadOnlyList<ContentPart> parts)
    {
        var cited = new List<(Citation, (int, int, int)?)>();
        var at = -1;
        foreach (var part in parts)
        {
            // Another vendor's own pieces are not among the parts that are written.
            at += part is OpaquePart { Format: not Format } ? 0 : 1;
            if (part is not TextPart text)
            {
                continue;
            }

            foreach (var citation in text.Citations)
            {
                if (!string.Equals(citation.Source?.Format, Format, StringComparison.Ordinal))
                {
                    var (start, end) = (Math.Min(citation.Start ?? 0, text.Text.Length), Math.Min(citation.End ?? text.Text.Length, text.Text.Length));
                    cited.Add((citation, (at, Encoding.UTF8.GetByteCount(text.Text.AsSpan(0, start)), Encoding.UTF8.GetByteCount(text.Text.AsSpan(0, end)))));
                }
            }
        }

        return cited;
    }

    private static void Rest(Extra? extra, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (extra is not null && !string.Equals(extra.Format, Format, StringComparison.Ordinal))
        {
            Extras.Warn(extra, "", warnings);
        }

        foreach (var (name, json) in Own(extra))
        {
            if (!name.StartsWith(OfCandidate, StringComparison.Ordinal))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Own(Extra? extra) =>
        string.Equals(extra?.Format, Format, StringComparison.Ordinal) ? extra!.Fields : [];
}
