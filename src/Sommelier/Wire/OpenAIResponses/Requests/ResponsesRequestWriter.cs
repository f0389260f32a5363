using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Writes a request of any origin for a target that speaks this format.</summary>
internal static class ResponsesRequestWriter
{
    // Fields that OpenAI's chat format knows under the same name and in the same meaning.
    private static readonly string[] Shared =
    [
        "metadata", "service_tier", "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "safety_identifier", "moderation",
    ];

    /// <inheritdoc cref="IRequestWire.Write"/>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        if (string.Equals(request.Format, OpenAIResponsesFormat.FormatName, StringComparison.Ordinal))
        {
            request = request with
            {
                Extra = InnerMembers.Without(request.Extra, "", target.Quirks, warnings),
                Reasoning = request.Reasoning is { } how ? how with { Extra = InnerMembers.Without(how.Extra, "reasoning.", target.Quirks, warnings) } : null,
            };
        }

        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        var options = new OptionWriter(writer, target.Quirks, warnings);
        var form = FormWriter.Plan(request, target.Quirks, warnings);
        writer.WriteStartObject();
        writer.WriteString("model", target.Model);
        new ResponsesInputWriter(writer, request, target.Quirks, warnings).Write(form.Instructions);
        options.Number("max_output_tokens", Limit(request.MaxOutputTokens, target.Quirks, warnings));
        if (request.Stream)
        {
            writer.WriteBoolean("stream", true);
        }

        WriteSampling(request.Sampling, options, warnings);
        ResponsesToolWriter.Write(request, target.Quirks, writer, options, warnings);
        WriteText(request, form, writer, warnings);
        WriteReasoning(request, target, writer, warnings);
        options.Text("user", request.EndUser);
        WriteKeeping(request, target.Quirks, writer, warnings);
        WriteExtra(request.Extra, options, warnings);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static int? Limit(int? wanted, WireQuirks quirks, ICollection<Warning> warnings)
    {
        if (wanted is not { } limit || quirks.MinOutputTokens is not { } least || limit >= least)
        {
            return wanted;
        }

        warnings.Add(new Warning("clamped", "max_tokens", $"the target takes no limit below {least}"));
        return least;
    }

    private static void WriteSampling(Sampling sampling, OptionWriter options, ICollection<Warning> warnings)
    {
        options.Temperature(sampling.Temperature);
        options.Number("top_p", sampling.TopP);
        options.Number("top_logprobs", sampling.TopLogProbs);
        Lost("top_k", sampling.TopK is not null, warnings);
        Lost("frequency_penalty", sampling.FrequencyPenalty is not (null or 0), warnings);
        Lost("presence_penalty", sampling.PresencePenalty is not (null or 0), warnings);
        Lost("seed", sampling.Seed is not null, warnings);
        Lost("stop", sampling.Stop.Count > 0, warnings);
        Lost("n", sampling.Choices is > 1, warnings);
        Lost("logit_bias", sampling.LogitBias is not null, warnings);
    }

    private static void Lost(string field, bool given, ICollection<Warning> warnings)
    {
        if (given)
        {
            warnings.Add(new Warning("dropped", field, "the target's wire format has no such field"));
        }
    }

    private static void WriteText(ChatRequest request, FormWriter form, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var own = ResponsesItemExtra.IsOwn(request.Extra) ? request.Extra : null;
        var parts = own is null ? [] : own.Fields.Concat(own.Marks).Where(IsBesideForm).ToList();
        var verbosity = IsChat(request.Extra) ? Extras.Find(request.Extra, "verbosity") : null;
        if (!form.AsAsked)
        {
            FormExtras.Lost(own, FormExtras.Responses, warnings);
        }

        if (form.Sent is null && parts.Count == 0 && verbosity is null)
        {
            return;
        }

        writer.WriteStartObject("text");
        if (form.Sent is { } sent)
        {
            writer.WriteStartObject("format");
            WriteForm(sent, writer);
            if (form.AsAsked)
            {
                FormExtras.Write(own, FormExtras.Responses, writer);
            }

            writer.WriteEndObject();
        }

        foreach (var (name, json) in parts)
        {
            writer.WritePropertyName(name.AsSpan("text.".Length));
            writer.WriteRawValue(json, skipInputValidation: true);
        }

        if (verbosity is not null)
        {
            writer.WritePropertyName("verbosity");
            writer.WriteRawValue(verbosity, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    private static bool IsBesideForm(KeyValuePair<string, string> field) =>
        field.Key.StartsWith("text.", StringComparison.Ordinal) && !field.Key.StartsWith(FormExtras.Responses, StringComparison.Ordinal);

    private static void WriteForm(ResponseFormat form, Utf8JsonWriter writer)
    {
        switch (form.Kind)
        {
            case ResponseFormatKind.Text:
                writer.WriteString("type", "text");
                return;
            case ResponseFormatKind.JsonObject:
                writer.WriteString("type", "json_object");
                return;
        }

        // The name is demanded here and unknown to other formats.
        writer.WriteString("type", "json_schema");
        writer.WriteString("name", form.Name ?? "answer");
        if (form.Description is not null)
        {
            writer.WriteString("description", form.Description);
        }

        writer.WritePropertyName("schema");
        writer.WriteRawValue(form.Schema ?? "{}", skipInputValidation: true);
        if (form.Strict is { } strict)
        {
            writer.WriteBoolean("strict", strict);
        }
    }

    private static void WriteReasoning(ChatRequest request, WireTarget target, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (request.Reasoning is { } reasoning)
        {
            ResponsesReasoning.Write(reasoning, request.Format, target, writer, warnings);
        }
    }

    // Other dialects send the whole conversation each time, so nothing need be kept; sealed thinking keeps that whole.
    private static void WriteKeeping(ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (string.Equals(request.Format, OpenAIResponsesFormat.FormatName, StringComparison.Ordinal))
        {
            return;
        }

        writer.WriteBoolean("store", false);
        var sealedThinking = quirks.SealedReasoning && request.Reasoning?.Effort != ReasoningEffort.None;
        var logProbs = request.Sampling.LogProbs == true;
        if (logProbs && (quirks.Unsupported.Contains("logprobs") || quirks.Unsupported.Contains("top_logprobs")))
        {
            warnings.Add(new Warning("dropped", "logprobs", "the model does not support it"));
            logProbs = false;
        }

        if (!sealedThinking && !logProbs)
        {
            return;
        }

        writer.WriteStartArray("include");
        if (sealedThinking)
        {
            writer.WriteStringValue(ResponsesWords.SealedThinking);
        }

        if (logProbs)
        {
            writer.WriteStringValue(ResponsesWords.LogProbs);
        }

        writer.WriteEndArray();
    }

    private static bool IsChat(Extra? extra) => string.Equals(extra?.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal);

    private static void WriteExtra(Extra? extra, OptionWriter options, ICollection<Warning> warnings)
    {
        if (extra is null)
        {
            return;
        }

        var own = ResponsesItemExtra.IsOwn(extra);
        foreach (var (name, json) in extra.Fields)
        {
            if (Goes(name))
            {
                options.Raw(name, json);
            }
            else if (!own && !(IsChat(extra) && name is ("verbosity" or "stream_options" or "store")))
            {
                warnings.Add(new Warning("dropped", name, "the target's wire format has no such field"));
            }
        }

        foreach (var (name, json) in extra.Marks)
        {
            if (Goes(name))
            {
                options.Raw(name, json);
            }
        }

        bool Goes(string name) => own ? !name.StartsWith("text.", StringComparison.Ordinal) : IsChat(extra) && Shared.Contains(name, StringComparer.Ordinal);
    }
}
