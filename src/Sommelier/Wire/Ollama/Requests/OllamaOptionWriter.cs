using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.Ollama;

/// <summary>Writes <c>options</c>.</summary>
internal static class OllamaOptionWriter
{
    /// <summary>Writes the member, where there is something to say.</summary>
    public static void Write(ChatRequest request, OllamaShape shape, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var sampling = request.Sampling;
        writer.WriteStartObject("options"u8);
        Number("num_predict", request.MaxOutputTokens, writer);
        Number("temperature", sampling.Temperature, writer);
        Number("top_p", sampling.TopP, writer);
        Number("top_k", sampling.TopK, writer);
        Number("presence_penalty", sampling.PresencePenalty, writer);
        Number("frequency_penalty", sampling.FrequencyPenalty, writer);
        if (sampling.Seed is { } seed)
        {
            writer.WriteNumber("seed"u8, seed);
        }

        if (sampling.Stop.Count > 0)
        {
            writer.WriteStartArray("stop"u8);
            foreach (var text in sampling.Stop)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        if (string.Equals(request.Extra?.Format, shape.Format(), StringComparison.Ordinal))
        {
            foreach (var (name, json) in request.Extra!.Fields)
            {
                if (name.StartsWith(OllamaRequestReader.OptionsPrefix, StringComparison.Ordinal))
                {
                    writer.WritePropertyName(name.AsSpan(OllamaRequestReader.OptionsPrefix.Length));
                    writer.WriteRawValue(json, skipInputValidation: true);
                }
            }
        }

        writer.WriteEndObject();
        if (sampling.Choices is > 1)
        {
            warnings.Add(new Warning("dropped", "n", "the target gives one answer"));
        }

        if (sampling.LogitBias is not null)
        {
            warnings.Add(new Warning("dropped", "logit_bias", "the target's wire format has no such field"));
        }
    }

    private static void Number(string name, double? value, Utf8JsonWriter writer)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
