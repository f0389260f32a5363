using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Writes <c>inferenceConfig</c>, <c>outputConfig</c> and the fields that only models know.</summary>
internal static class ConverseSettingsWriter
{
    /// <summary>Writes them, where there is something to say.</summary>
    public static void Write(ChatRequest request, WireTarget target, AnthropicAnswerForm form, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        Inference(request, target, writer, warnings);
        var effort = Effort(request, target.Quirks, warnings, out var thinking);
        Output(request.ResponseFormat, form, effort, writer);
        More(request, target.Quirks, thinking, writer, warnings);
        Lose(request.Sampling, warnings);
    }

    private static void Inference(ChatRequest request, WireTarget target, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var sampling = request.Sampling;
        writer.WriteStartObject("inferenceConfig"u8);
        if (request.MaxOutputTokens is { } wanted)
        {
            if (target.MaxOutputTokens is { } limit && wanted > limit)
            {
                warnings.Add(new Warning("clamped", "max_tokens", $"the model writes at most {limit} tokens"));
                wanted = limit;
            }

            writer.WriteNumber("maxTokens"u8, wanted);
        }

        if (sampling.Temperature is { } temperature && May("temperature", target.Quirks, warnings))
        {
            if (temperature > target.Quirks.MaxTemperature)
            {
                warnings.Add(new Warning("clamped", "temperature", $"the model takes 0 to {target.Quirks.MaxTemperature}"));
                temperature = target.Quirks.MaxTemperature;
            }

            writer.WriteNumber("temperature"u8, temperature);
        }

        if (sampling.TopP is { } topP && May("top_p", target.Quirks, warnings))
        {
            writer.WriteNumber("topP"u8, topP);
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

        Own(request.Extra, ConverseRequestReader.InferencePrefix, writer);
        writer.WriteEndObject();
    }

    // The word for outputConfig, or the tokens for Claude's own field.
    private static string? Effort(ChatRequest request, WireQuirks quirks, ICollection<Warning> warnings, out int? budget)
    {
        budget = null;
        if (request.Reasoning is not { } reasoning)
        {
            return null;
        }

        if (quirks.Reasoning == ReasoningKnob.None)
        {
            if (reasoning.Effort is not ReasoningEffort.None)
            {
                warnings.Add(new Warning("dropped", "reasoning", "the model cannot be told to think"));
            }

            return null;
        }

        if (quirks.Reasoning == ReasoningKnob.ThinkingBudget)
        {
            var limit = request.MaxOutputTokens ?? 16_000;
            budget = reasoning.BudgetTokens is { } asked ? AnthropicEffort.Fit(asked, limit) : reasoning.Effort is { } wish and not ReasoningEffort.None ? AnthropicEffort.Budget(wish, limit) : null;
            return null;
        }

        var effort = reasoning.Effort ?? (reasoning.BudgetTokens is { } tokens ? AnthropicEffort.OfBudget(tokens, request.MaxOutputTokens) : null);
        if (effort is null or ReasoningEffort.None)
        {
            return null;
        }

        var word = AnthropicEffort.Word(effort.Value);
        if (reasoning.BudgetTokens is not null || AnthropicEffort.Read(word) != effort)
        {
            warnings.Add(new Warning("emulated", "reasoning", $"the model takes an effort; '{word}' is sent"));
        }

        return word;
    }

    private static void Output(ResponseFormat? asked, AnthropicAnswerForm form, string? effort, Utf8JsonWriter writer)
    {
        if (form.NativeSchema is null && effort is null)
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

            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        if (effort is not null)
        {
            writer.WriteString("effort"u8, effort);
        }

        writer.WriteEndObject();
    }

    private static void More(ChatRequest request, WireQuirks quirks, int? budget, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var topK = request.Sampling.TopK is { } count && May("top_k", quirks, warnings) ? count : (int?)null;
        var isOwn = string.Equals(request.Extra?.Format, BedrockConverseFormat.FormatName, StringComparison.Ordinal)
            && request.Extra!.Fields.Any(static field => field.Key.StartsWith(ConverseRequestReader.MorePrefix, StringComparison.Ordinal));
        if (topK is null && budget is null && !isOwn)
        {
            return;
        }

        writer.WriteStartObject("additionalModelRequestFields"u8);
        if (topK is { } top)
        {
            writer.WriteNumber("top_k"u8, top);
        }

        if (budget is { } tokens)
        {
            writer.WriteStartObject("thinking"u8);
            writer.WriteString("type"u8, "enabled"u8);
            writer.WriteNumber("budget_tokens"u8, tokens);
            writer.WriteEndObject();
        }

        Own(request.Extra, ConverseRequestReader.MorePrefix, writer);
        writer.WriteEndObject();
    }

    private static void Own(Extra? extra, string prefix, Utf8JsonWriter writer)
    {
        if (!string.Equals(extra?.Format, BedrockConverseFormat.FormatName, StringComparison.Ordinal))
        {
            return;
        }

        foreach (var (name, json) in extra!.Fields)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                writer.WritePropertyName(name.AsSpan(prefix.Length));
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }

    private static bool May(string name, WireQuirks quirks, ICollection<Warning> warnings)
    {
        if (!quirks.Unsupported.Contains(name))
        {
            return true;
        }

        warnings.Add(new Warning("dropped", name, "the model refuses it"));
        return false;
    }

    private static void Lose(Sampling sampling, ICollection<Warning> warnings)
    {
        foreach (var (name, isSaid) in (ReadOnlySpan<(string, bool)>)
        [
            ("frequency_penalty", sampling.FrequencyPenalty is not null), ("presence_penalty", sampling.PresencePenalty is not null), ("seed", sampling.Seed is not null),
            ("logprobs", sampling.LogProbs == true), ("logit_bias", sampling.LogitBias is not null),
        ])
        {
            if (isSaid)
            {
                warnings.Add(new Warning("dropped", name, "the target's wire format has no such field"));
            }
        }

        if (sampling.Choices is > 1)
        {
            warnings.Add(new Warning("dropped", "n", "the target gives one answer"));
        }
    }
}
