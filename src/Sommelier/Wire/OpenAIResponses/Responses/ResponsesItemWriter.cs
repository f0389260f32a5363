using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Writes the items of an answer.</summary>
/// <param name="writer">Takes them.</param>
/// <param name="envelope">The answer's, with the id which ids of items are made from and the tools on offer.</param>
/// <param name="warnings">Takes what is lost.</param>
internal sealed class ResponsesItemWriter(Utf8JsonWriter writer, ResponsesEnvelope envelope, ICollection<Warning> warnings)
{
    private int count;

    /// <summary>How likely each token of all texts was: it stands by the first. Null: not known, or each text has its own.</summary>
    public string? LogProbs { get; set; }

    /// <summary>All parts of an answer.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="status">What the items say of themselves.</param>
    public void WriteAll(IReadOnlyList<ContentPart> parts, string status)
    {
        for (var at = 0; at < parts.Count;)
        {
            at = Write(parts, at, status);
        }

        if (LogProbs is not null)
        {
            warnings.Add(new Warning("dropped", TokenLogProbs.Name, "the answer has no text that they belong to"));
        }
    }

    private int Write(IReadOnlyList<ContentPart> parts, int at, string status)
    {
        switch (parts[at])
        {
            case TextPart or RefusalPart:
                return Message(parts, at, status);
            case ReasoningPart thinking:
                Thinking(thinking);
                break;
            case ToolCallPart call:
                Call(call, status);
                break;
            case OpaquePart { Format: OpenAIResponsesFormat.FormatName } opaque:
                // The steps of a vendor's own tool have a place only in streams.
                if (!opaque.Type.StartsWith("response.", StringComparison.Ordinal))
                {
                    count++;
                    writer.WriteRawValue(opaque.Json, skipInputValidation: true);
                }

                break;
            case var other:
                LostPart.Warn(other, parts, warnings);
                break;
        }

        return at + 1;
    }

    private int Message(IReadOnlyList<ContentPart> parts, int from, string status)
    {
        var own = ResponsesItemExtra.MessageOf(parts[from].Extra);
        var to = from + 1;
        while (to < parts.Count && parts[to] is TextPart or RefusalPart && ResponsesItemExtra.MessageOf(parts[to].Extra) is null)
        {
            to++;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "message");
        if (own is null)
        {
            writer.WriteString("id", ResponsesIds.Item("msg_", envelope.Id, count));
            writer.WriteString("status", status);
        }

        count++;
        writer.WriteString("role", "assistant");
        ResponsesFields.Write(own, writer);
        writer.WriteStartArray("content");
        for (var i = from; i < to; i++)
        {
            Said(parts[i]);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        return to;
    }

    private void Said(ContentPart part)
    {
        writer.WriteStartObject();
        if (part is RefusalPart refusal)
        {
            writer.WriteString("type", "refusal");
            writer.WriteString("refusal", refusal.Text);
        }
        else
        {
            writer.WriteString("type", "output_text");
            var text = (TextPart)part;
            writer.WriteString("text", text.Text);
            var own = ResponsesItemExtra.IsOwn(part.Extra) ? part.Extra : null;
            if (Extras.Find(own, "annotations") is null)
            {
                writer.WriteStartArray("annotations");
                foreach (var citation in text.Citations)
                {
                    UrlCitations.Write(citation, citation.Start ?? 0, citation.End ?? text.Text.Length, OpenAIResponsesFormat.FormatName, nested: false, writer);
                }

                writer.WriteEndArray();
            }

            if (Extras.Find(own, "logprobs") is null)
            {
                writer.WritePropertyName(TokenLogProbs.Name);
                writer.WriteRawValue(LogProbs ?? "[]", skipInputValidation: true);
                LogProbs = null;
            }
        }

        ResponsesItemExtra.Write(part.Extra, "output", writer, warnings);
        writer.WriteEndObject();
    }

    private void Thinking(ReasoningPart part)
    {
        var (id, seal) = ResponsesThinking.Of(part.Vendor, part.Id, part.Signature ?? part.Redacted, envelope.Id, count++);
        ResponsesThinking.Write(id, part.Text, seal, writer, () => ResponsesItemExtra.Write(part.Extra, "output", writer, warnings));
    }

    private void Call(ToolCallPart call, string status)
    {
        var tool = envelope.FindTool(call.Name);
        var custom = call.IsCustom || tool?.Custom is not null;
        writer.WriteStartObject();
        writer.WriteString("type", custom ? "custom_tool_call" : "function_call");
        var own = ResponsesItemExtra.IsOwn(call.Extra) ? call.Extra : null;
        if (Extras.Find(own, "id") is null)
        {
            writer.WriteString("id", ResponsesIds.Item(custom ? "ctc_" : "fc_", envelope.Id, count));
        }

        if (Extras.Find(own, "status") is null)
        {
            writer.WriteString("status", status);
        }

        count++;
        writer.WriteString("call_id", call.Id);
        ResponsesFields.WriteName(call.Name, tool?.Origin, writer);
        writer.WriteString(custom ? CustomTool.Input : "arguments", custom ? CustomTool.Unwrap(call.Arguments) : call.Arguments);
        ResponsesItemExtra.Write(call.Extra, "output", writer, warnings);
        writer.WriteEndObject();
    }
}
