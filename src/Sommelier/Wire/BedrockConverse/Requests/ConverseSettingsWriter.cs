using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.AnthropicMessages;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Writes <c>inferenceConfig</c>, <c>outputConfig</c> and the fields that only models know.</summary>
internal static class ConverseSettingsWriter
{
    private const string Format = BedrockConverseFormat.FormatName;

    // Without a limit a model writes as much as it can; a budget for thinking must stay under that.
    private const int UnknownLimit = 16_000;

    /// <summary>Writes them, where there is something to say.</summary>
    public static void Write(ChatRequest request, WireTarget target, AnthropicAnswerForm form, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var limit = Limit(request, target, warnings);
        var plan = AnthropicThinkingPlan.For(request, target.Quirks, limit ?? target.MaxOutputTokens ?? UnknownLimit, warnings, Format);
        var isClaude = target.Quirks.Reasoning is ReasoningKnob.OutputEffort or ReasoningKnob.ThinkingBudget;
        if (plan.IsOn && isClaude && ConverseToolWriter.IsForced(request, form))
        {
            warnings.Add(new Warning("dropped", "reasoning", "the model cannot think when a tool call is forced"));
            plan = plan with { Type = null, Budget = null };
        }

        // Other makers' models know the effort alone; what a caller of this dialect says to them stays.
        if (!isClaude && !IsOwn(request))
        {
            plan = plan with { Type = null, Budget = null };
        }

        var thinks = plan.IsOn && isClaude;
        Inference(request, target.Quirks, limit, isClaude, thinks, writer, warnings);
        Output(request, form, plan.Effort, writer);
        More(request, target.Quirks, plan, thinks, writer, warnings);
        AnthropicSamplingWriter.Unknown(request.Sampling, warnings);
    }

    private static int? Limit(ChatRequest request, WireTarget target, ICollection<Warning> warnings)
    {
        if (request.MaxOutputTokens is { } wanted && target.MaxOutputTokens is { } limit && wanted > limit)
        {
            warnings.Add(new Warning("clamped", "max_tokens", $"the model writes at most {limit} tokens"));
            return limit;
        }

        return request.MaxOutputTokens;
    }

    private static void Inference(
        ChatRequest request, WireQuirks quirks, int? limit, bool isClaude, bool thinks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var sampling = request.Sampling;
        writer.WriteStartObject("inferenceConfig"u8);
        if (limit is { } tokens)
        {
            writer.WriteNumber("maxTokens"u8, tokens);
        }

        if (sampling.Temperature is { } temperature && !(Sampling.IsDefault(temperature) && (thinks || quirks.Unsupported.Contains("temperature"))) && May("temperature", quirks, thinks, warnings))
        {
            if (temperature > quirks.MaxTemperature)
            {
                warnings.Add(new Warning("clamped", "temperature", $"the model takes 0 to {quirks.MaxTemperature}"));
                temperature = quirks.MaxTemperature;
            }

            writer.WriteNumber("temperature"u8, temperature);
        }

        if (sampling.TopP is { } topP && !(Sampling.IsDefault(topP) && quirks.Unsupported.Contains("top_p")) && May("top_p", quirks, thinks && topP < 0.95, warnings))
        {
            if (!isClaude || IsOwn(request) || sampling.Temperature is null)
            {
                writer.WriteNumber("topP"u8, topP);
            }
            else if (!Sampling.IsDefault(topP))
            {
                warnings.Add(new Warning("dropped", "top_p", "cannot be sent together with a temperature"));
            }
        }

        if (sampling.Stop.Count > 0)
        {
            writer.WriteStartArray("stopSequences"u8);
            foreach (var text in sampling.Stop)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        Extras.WriteInner(request.Extra, ConverseRequestReader.InferencePrefix, writer, Format);
        writer.WriteEndObject();
    }

    private static void Output(ChatRequest request, AnthropicAnswerForm form, ReasoningEffort? effort, Utf8JsonWriter writer)
    {
        var asked = request.ResponseFormat;
        if (form.NativeSchema is null && effort is null && !HasOwn(request, ConverseRequestReader.OutputPrefix))
        {
            return;
        }

        writer.WriteStartObject("outputConfig"u8);
        if (form.NativeSchema is { } schema)
        {
            writer.WriteStartObject("textFormat"u8);
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WriteStartObject("structure"u8);
            writer.WriteStartObject("jsonSchema"u8);
            writer.WriteString("schema"u8, schema);
            if (asked?.Name is { } name)
            {
                writer.WriteString("name"u8, name);
            }

            if (asked?.Description is { } description)
            {
                writer.WriteString("description"u8, description);
            }

            Extras.WriteInner(request.Extra, ConverseRequestReader.SchemaPrefix, writer, Format);
            writer.WriteEndObject();
            Extras.WriteInner(request.Extra, ConverseRequestReader.StructurePrefix, writer, Format, ConverseRequestReader.SchemaPrefix);
            writer.WriteEndObject();
            Extras.WriteInner(request.Extra, ConverseRequestReader.FormPrefix, writer, Format, ConverseRequestReader.StructurePrefix);
            writer.WriteEndObject();
        }

        if (effort is { } word)
        {
            writer.WriteString("effort"u8, AnthropicEffort.Word(word));
        }

        Extras.WriteInner(request.Extra, ConverseRequestReader.OutputPrefix, writer, Format, ConverseRequestReader.FormPrefix);
        writer.WriteEndObject();
    }

    private static void More(
        ChatRequest request, WireQuirks quirks, AnthropicThinkingPlan plan, bool thinks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var topK = request.Sampling.TopK is { } count && May("top_k", quirks, thinks, warnings) ? count : (int?)null;
        if (topK is null && plan.Type is null && !HasOwn(request, ConverseRequestReader.MorePrefix))
        {
            AnthropicRequestWriter.Thinking(request.Reasoning, plan, writer, warnings);
            return;
        }

        writer.WriteStartObject("additionalModelRequestFields"u8);
        if (topK is { } top)
        {
            writer.WriteNumber("top_k"u8, top);
        }

        AnthropicRequestWriter.Thinking(request.Reasoning, plan, writer, warnings);

        Extras.WriteInner(request.Extra, ConverseRequestReader.MorePrefix, writer, Format);
        writer.WriteEndObject();
    }

    private static bool IsOwn(ChatRequest request) => string.Equals(request.Format, Format, StringComparison.Ordinal);

    private static bool HasOwn(ChatRequest request, string prefix) =>
        string.Equals(request.Extra?.Format, Format, StringComparison.Ordinal)
        && request.Extra!.Fields.Any(field => field.Key.StartsWith(prefix, StringComparison.Ordinal));

    private static bool May(string name, WireQuirks quirks, bool thinks, ICollection<Warning> warnings)
    {
        var reason = quirks.Unsupported.Contains(name) ? "the model refuses it" : thinks ? "not possible while the model thinks" : null;
        if (reason is not null)
        {
            warnings.Add(new Warning("dropped", name, reason));
        }

        return reason is null;
    }
}
