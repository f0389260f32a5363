using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.Gemini;

/// <summary>Writes <c>generationConfig</c>.</summary>
internal static class GeminiSettingsWriter
{
    /// <summary>Writes the member, where there is something to say.</summary>
    public static void Write(ChatRequest request, WireTarget target, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var sampling = request.Sampling;
        var fields = new Fields(target.Quirks, writer, warnings);
        writer.WriteStartObject("generationConfig"u8);
        fields.Number("maxOutputTokens", "max_tokens", request.MaxOutputTokens);
        Temperature(sampling.Temperature, target.Quirks, fields, warnings);
        fields.Number("topP", "top_p", sampling.TopP);
        fields.Number("topK", "top_k", sampling.TopK);
        fields.Number("presencePenalty", "presence_penalty", sampling.PresencePenalty);
        fields.Number("frequencyPenalty", "frequency_penalty", sampling.FrequencyPenalty);
        fields.Number("seed", "seed", sampling.Seed);
        fields.Number("candidateCount", "n", sampling.Choices);
        if (sampling.Stop.Count > 0 && fields.May("stopSequences", "stop"))
        {
            writer.WriteStartArray("stopSequences"u8);
            foreach (var text in sampling.Stop)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        if (sampling.LogProbs is { } wanted && fields.May("responseLogprobs", "logprobs"))
        {
            writer.WriteBoolean("responseLogprobs"u8, wanted);
            fields.Number("logprobs", "top_logprobs", sampling.TopLogProbs);
        }
        else if (sampling.TopLogProbs is > 0)
        {
            warnings.Add(new Warning("dropped", "top_logprobs", "the target gives them beside log probabilities only"));
        }

        if (sampling.LogitBias is not null)
        {
            warnings.Add(new Warning("dropped", "logit_bias", "the target's wire format has no such field"));
        }

        Form(request.ResponseFormat, writer);
        GeminiThinkingWriter.Write(request, target.Quirks, writer, warnings);
        Own(request, writer);
        writer.WriteEndObject();
    }

    private static void Temperature(double? temperature, WireQuirks quirks, in Fields fields, ICollection<Warning> warnings)
    {
        if (temperature > quirks.MaxTemperature)
        {
            warnings.Add(new Warning("clamped", "temperature", $"the model takes 0 to {quirks.MaxTemperature}"));
            temperature = quirks.MaxTemperature;
        }

        fields.Number("temperature", "temperature", temperature);
    }

    private static void Form(ResponseFormat? form, Utf8JsonWriter writer)
    {
        if (form is not { Kind: ResponseFormatKind.JsonObject or ResponseFormatKind.JsonSchema })
        {
            return;
        }

        writer.WriteString("responseMimeType"u8, "application/json"u8);
        if (form is { Kind: ResponseFormatKind.JsonSchema, Schema: not null })
        {
            writer.WritePropertyName("responseJsonSchema"u8);
            writer.WriteRawValue(DescribedSchema.Of(form), skipInputValidation: true);
        }
    }

    private static void Own(ChatRequest request, Utf8JsonWriter writer)
    {
        if (!string.Equals(request.Extra?.Format, GeminiFormat.FormatName, StringComparison.Ordinal))
        {
            return;
        }

        foreach (var (name, json) in request.Extra!.Fields)
        {
            if (name.StartsWith(GeminiSettings.Prefix, StringComparison.Ordinal))
            {
                writer.WritePropertyName(name.AsSpan(GeminiSettings.Prefix.Length));
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }

    // Writes what was said, unless the model refuses it.
    private readonly ref struct Fields(WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        public bool May(string name, string asCallersSay)
        {
            if (!quirks.Unsupported.Contains(name))
            {
                return true;
            }

            warnings.Add(new Warning("dropped", asCallersSay, "the model refuses it"));
            return false;
        }

        public void Number(string name, string asCallersSay, double? value)
        {
            if (value is { } number && May(name, asCallersSay))
            {
                writer.WriteNumber(name, number);
            }
        }

        public void Number(string name, string asCallersSay, long? value)
        {
            if (value is { } number && May(name, asCallersSay))
            {
                writer.WriteNumber(name, number);
            }
        }

        public void Number(string name, string asCallersSay, int? value) => Number(name, asCallersSay, (long?)value);
    }
}
