using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// Thinking in an assistant message, in its three spellings: <c>reasoning_content</c> (most), <c>reasoning</c> (Groq,
/// vLLM, OpenRouter) and <c>reasoning_details</c> (OpenRouter, and ours for the vendor's seals).
/// </summary>
internal static class ReasoningParts
{
    /// <summary>The detailed field's name.</summary>
    public const string Details = "reasoning_details";

    /// <summary>Reads them in front of the text.</summary>
    public static void Read(JsonFields message, List<ContentPart> parts)
    {
        var text = Plain(message, "reasoning_content") ?? Plain(message, "reasoning");
        if (message.List(Details) is not { } details || details.GetArrayLength() == 0)
        {
            if (text is { Length: > 0 })
            {
                parts.Add(new ReasoningPart(text));
            }

            return;
        }

        ReadDetails(details, text, parts);
    }

    // Entries that we wrote, or that carry no more than we know, become parts; others are kept as they are beside the text.
    private static void ReadDetails(JsonElement details, string? text, List<ContentPart> parts)
    {
        var read = new List<ReasoningPart>();
        foreach (var detail in details.EnumerateArray())
        {
            if (!IsPlain(detail))
            {
                var whole = new Extra(OpenAIChatFormat.FormatName, [new(Details, details.GetRawText())]);
                parts.Add(new ReasoningPart(text ?? "", null, null, whole));
                return;
            }

            var piece = Value(detail, "type") is "reasoning.encrypted"
                ? new ReasoningPart("", null, Value(detail, "data"))
                : new ReasoningPart(Value(detail, "text") ?? "", Value(detail, "signature"));
            read.Add(piece with { Vendor = SealFormats.Vendor(Value(detail, "format")), Id = Value(detail, "id") });
        }

        // A summary stands beside thinking that is shown only sealed.
        if (text is { Length: > 0 } && read.TrueForAll(static part => part.Text.Length == 0))
        {
            read[0] = read[0] with { Text = text };
        }

        parts.AddRange(read);
    }

    private static bool IsPlain(JsonElement detail)
    {
        if (detail.ValueKind != JsonValueKind.Object || Value(detail, "type") is not ("reasoning.text" or "reasoning.encrypted"))
        {
            return false;
        }

        foreach (var property in detail.EnumerateObject())
        {
            if (property.Name is not ("type" or "text" or "signature" or "data" or "index" or "format" or "id"))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Value(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Some servers put an object of their own under these names; what is not text is not thinking.
    private static string? Plain(JsonFields message, string name) =>
        message.TryGet(name, out var value) && value.ValueKind == JsonValueKind.String ? JsonFields.Text(value, message.At(name)) : null;

    /// <summary>Whether the parts carry seals that <c>reasoning_content</c> cannot.</summary>
    public static bool NeedDetails(IReadOnlyList<ContentPart> parts)
    {
        foreach (var part in parts)
        {
            if (part is ReasoningPart { Signature: not null } or ReasoningPart { Redacted: not null })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the detailed list.</summary>
    public static void WriteDetails(IReadOnlyList<ContentPart> parts, Utf8JsonWriter writer)
    {
        writer.WriteStartArray(Details);
        var index = 0;
        foreach (var part in parts)
        {
            if (part is ReasoningPart thinking)
            {
                WriteDetail(thinking, index++, writer);
            }
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes one entry of the detailed list.</summary>
    public static void WriteDetail(ReasoningPart thinking, int index, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (thinking.Redacted is not null)
        {
            writer.WriteString("type", "reasoning.encrypted");
            writer.WriteString("data", thinking.Redacted);
        }
        else
        {
            writer.WriteString("type", "reasoning.text");
            writer.WriteString("text", thinking.Text);
            if (thinking.Signature is not null)
            {
                writer.WriteString("signature", thinking.Signature);
            }
        }

        if (thinking.Id is not null)
        {
            writer.WriteString("id", thinking.Id);
        }

        if (SealFormats.Name(thinking.Vendor) is { } format)
        {
            writer.WriteString("format", format);
        }

        writer.WriteNumber("index", index);
        writer.WriteEndObject();
    }
}
