using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes a request of any origin for a target that speaks the Messages API.</summary>
internal static class AnthropicRequestWriter
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>The output limit where neither the caller nor the catalog gives one: every model of this vendor takes it.</summary>
    public const int DefaultMaxTokens = 4_096;

    /// <summary>Writes the body.</summary>
    /// <exception cref="WireException">Nothing that the target understands is left of the conversation.</exception>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        request = CacheMarks.AsFields(request, warnings);
        if (AnthropicExtraFields.IsOwn(request.Extra))
        {
            request = request with { Extra = InnerMembers.Without(request.Extra, "", target.Quirks, warnings) };
        }

        var system = new List<ContentPart>();
        var turns = AnthropicConversation.Arrange(request, system, warnings, string.Equals(request.Format, Format, StringComparison.Ordinal));
        var maxTokens = MaxTokens(request, target, warnings);
        var answer = AnthropicAnswerForm.For(request, target.Quirks, system, warnings);
        var tools = AnthropicToolWriter.Plan(request, target.Quirks, answer, turns, warnings);
        var thinking = AnthropicThinkingPlan.For(request, target.Quirks, maxTokens, warnings);
        if (thinking.IsOn && tools.ForbidsThinking(request))
        {
            warnings.Add(new Warning("dropped", "reasoning", "the model cannot think when a tool call is forced"));
            thinking = thinking with { Type = null, Budget = null };
        }

        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        if (target.Quirks.BodyVersion is null)
        {
            writer.WriteString("model"u8, target.Model);
        }
        else
        {
            AnthropicEnvelope.Write(target, writer);
        }

        writer.WriteNumber("max_tokens"u8, maxTokens);
        if (request.Stream && target.Quirks.BodyStream)
        {
            writer.WriteBoolean("stream"u8, true);
        }

        AnthropicMessageWriter.System(system, writer, warnings);
        AnthropicMessageWriter.Messages(request, turns, target.Quirks, writer, warnings);
        AnthropicToolWriter.Write(tools, request, writer, warnings);
        AnthropicSamplingWriter.Write(request, target.Quirks, thinking.IsOn, writer, warnings);
        Thinking(request.Reasoning, thinking, writer, warnings);
        OutputConfig(request, answer, thinking, writer, warnings);
        Metadata(request, target.Quirks, writer, warnings);
        Extras.Write(AnthropicExtraFields.TopLevel(request.Extra), writer, Format, "", warnings);
        writer.WriteEndObject();
    }

    private static int MaxTokens(ChatRequest request, WireTarget target, ICollection<Warning> warnings)
    {
        if (request.MaxOutputTokens is not { } wanted)
        {
            return target.MaxOutputTokens ?? DefaultMaxTokens;
        }

        if (target.MaxOutputTokens is { } limit && wanted > limit)
        {
            warnings.Add(new Warning("clamped", "max_tokens", $"the model writes at most {limit} tokens"));
            return limit;
        }

        return wanted;
    }

    /// <summary>Writes the member <c>thinking</c>, where the plan has one; what the caller said beside it is lost otherwise.</summary>
    public static void Thinking(Reasoning? reasoning, AnthropicThinkingPlan plan, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (plan.Type is null)
        {
            foreach (var (name, _) in reasoning?.Extra?.Fields ?? [])
            {
                warnings.Add(new Warning("dropped", reasoning!.Place.At(name).ToString(), "the model is told an effort or nothing, and has no place for it"));
            }

            return;
        }

        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, plan.Type);
        if (plan.Budget is { } budget)
        {
            writer.WriteNumber("budget_tokens"u8, budget);
        }

        if (reasoning?.Extra is { } extra)
        {
            var rest = extra.Fields.Where(static field => field.Key is not "type").ToList();
            Extras.Write(new Extra(extra.Format, rest), writer, Format, reasoning.Place, warnings);
        }

        writer.WriteEndObject();
    }

    private static void OutputConfig(ChatRequest request, AnthropicAnswerForm answer, AnthropicThinkingPlan thinking, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var own = AnthropicExtraFields.IsOwn(request.Extra) ? request.Extra : null;
        if (answer.NativeSchema is null)
        {
            FormExtras.Lost(own, FormExtras.Anthropic, warnings);
        }

        var rest = AnthropicExtraFields.Own(request.Extra, "output_config");
        if (thinking.Effort is null && answer.NativeSchema is null && rest is null)
        {
            return;
        }

        writer.WriteStartObject("output_config"u8);
        if (thinking.Effort is { } effort)
        {
            writer.WriteString("effort"u8, AnthropicEffort.Word(effort));
        }

        if (answer.NativeSchema is { } schema)
        {
            writer.WriteStartObject("format"u8);
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WritePropertyName("schema"u8);
            writer.WriteRawValue(schema, skipInputValidation: true);
            FormExtras.Write(own, FormExtras.Anthropic, writer);
            writer.WriteEndObject();
        }

        AnthropicExtraFields.WriteRest(request.Extra, "output_config", writer);
        writer.WriteEndObject();
    }

    private static void Metadata(ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (request.EndUser is not null && quirks.Unsupported.Contains("metadata"))
        {
            warnings.Add(new Warning("dropped", "user", "the model does not support it"));
            return;
        }

        if (request.EndUser is null && AnthropicExtraFields.Own(request.Extra, "metadata") is null)
        {
            return;
        }

        writer.WriteStartObject("metadata"u8);
        if (request.EndUser is { } user)
        {
            writer.WriteString("user_id"u8, user);
        }

        AnthropicExtraFields.WriteRest(request.Extra, "metadata", writer);
        writer.WriteEndObject();
    }
}
