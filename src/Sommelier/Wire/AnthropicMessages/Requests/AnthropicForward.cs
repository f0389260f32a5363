using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Forwards a body of this dialect: only the model and what the target refuses change.</summary>
internal static class AnthropicForward
{
    /// <summary>
    /// Whether answers to a forwarded body can be passed on as they come: not where a schema is emulated with a tool,
    /// whose call must be turned back into text.
    /// </summary>
    public static bool Can(RequestOutline outline, WireTarget target) =>
        outline.ResponseFormat != ResponseFormatKind.JsonSchema || target.Quirks.AsksSchema;

    /// <summary>Writes the forwarded body.</summary>
    public static void Write(ReadOnlyMemory<byte> whole, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var body = whole.Span;
        if (MustRewrite(body, outline, target))
        {
            AnthropicRequestWriter.Write(AnthropicRequestReader.Read(whole), target, output, warnings);
            return;
        }

        Splice(body, outline, target, output, warnings);
    }

    // Cutting inside members is left to the reader and the writer: rare, and then worth their time.
    private static bool MustRewrite(ReadOnlySpan<byte> body, RequestOutline outline, WireTarget target)
    {
        // Thinking of other vendors is given to callers with an empty seal or a wrapped one; Anthropic refuses both.
        if (body.IndexOf(Seals.Mark) >= 0 || body.IndexOf("\"signature\":\"\""u8) >= 0 || body.IndexOf("\"signature\": \"\""u8) >= 0)
        {
            return true;
        }

        // What a target that cannot be told is offered instead of a choice.
        if (!target.Quirks.ToolChoice && outline.ToolChoice is ToolChoiceMode.Named or ToolChoiceMode.None)
        {
            return true;
        }

        if (outline.Member("thinking") is null && outline.Member("output_config") is null)
        {
            return false;
        }

        if (target.Quirks.UnsupportedInside.Count > 0 && outline.Member("output_config") is { } config
            && InnerMembers.Cut(body[config.ValueStart..config.End], 0, config.Name, target.Quirks, new(), []))
        {
            return true;
        }

        var reasoning = AnthropicReasoning.Read(Members(body, outline, out var document));
        using (document)
        {
            return reasoning is not null && AnthropicThinkingPlan.Differs(reasoning, target.Quirks);
        }
    }

    // An object of the two members alone: the conversation need not be parsed for them.
    private static JsonFields Members(ReadOnlySpan<byte> body, RequestOutline outline, out JsonDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write("{"u8);
        foreach (var name in (ReadOnlySpan<string>)["thinking", "output_config"])
        {
            if (outline.Member(name) is { } member)
            {
                buffer.Write(buffer.WrittenCount > 1 ? ","u8 : default);
                buffer.Write(body[member.Start..member.End]);
            }
        }

        buffer.Write("}"u8);
        document = JsonDocument.Parse(buffer.WrittenMemory);
        return new JsonFields(document.RootElement, "");
    }

    /// <summary>Copies the body with the model replaced and refused members cut.</summary>
    public static void Splice(
        ReadOnlySpan<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var members = outline.Members;
        var isFirst = true;
        var end = members.Count > 0 ? members[0].Start : body.Length;
        output.Write(body[..end]);
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            end = member.End;
            if (IsCut(body, member, target.Quirks, warnings))
            {
                continue;
            }

            // What stands before a member, with its comma, goes with it.
            if (!isFirst)
            {
                output.Write(body[members[i - 1].End..member.Start]);
            }

            isFirst = false;
            if (string.Equals(member.Name, "model", StringComparison.Ordinal))
            {
                output.Write(body[member.Start..member.ValueStart]);
                Model(target.Model, output);
            }
            else
            {
                output.Write(body[member.Start..member.End]);
            }
        }

        if (target.Quirks.BodyVersion is not null)
        {
            output.Write(isFirst ? default : ","u8);
            output.Write(JsonBytes.Members(json => AnthropicEnvelope.Write(target, json)).Span);
        }

        output.Write(body[end..]);
    }

    private static bool IsCut(ReadOnlySpan<byte> body, BodyMember member, WireQuirks quirks, ICollection<Warning> warnings)
    {
        if (string.Equals(member.Name, CallerHintsReader.Member, StringComparison.Ordinal) || AnthropicEnvelope.IsCut(member.Name, quirks))
        {
            return true;
        }

        if (!quirks.Unsupported.Contains(member.Name) && (quirks.ToolChoice || member.Name is not "tool_choice"))
        {
            return false;
        }

        if (!UsualValues.Holds(member.Name, body[member.ValueStart..member.End]))
        {
            warnings.Add(new Warning("dropped", member.Name, "the model refuses it"));
        }

        return true;
    }

    private static void Model(string model, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStringValue(model);
    }
}
