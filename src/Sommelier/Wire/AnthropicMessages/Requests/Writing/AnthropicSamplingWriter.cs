using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes how tokens are drawn, as far as the target can be told.</summary>
internal static class AnthropicSamplingWriter
{
    /// <summary>Writes the fields into the open request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="quirks">What the target refuses.</param>
    /// <param name="thinks">Whether the model thinks: it then draws by its own rules.</param>
    /// <param name="writer">Stands in the request's object.</param>
    /// <param name="warnings">Takes the losses.</param>
    public static void Write(ChatRequest request, WireQuirks quirks, bool thinks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var sampling = request.Sampling;
        var isOwn = string.Equals(request.Format, AnthropicMessagesFormat.FormatName, StringComparison.Ordinal);
        if (Temperature(sampling, quirks, thinks, warnings) is { } temperature)
        {
            writer.WriteNumber("temperature"u8, temperature);
        }

        if (sampling.TopP is { } topP)
        {
            // Several models refuse both at once, and the vendor advises against it: the temperature counts.
            var reason = quirks.Unsupported.Contains("top_p") ? "the model refuses it"
                : thinks && topP < 0.95 ? "not possible while the model thinks"
                : !isOwn && sampling.Temperature is not null ? "cannot be sent together with a temperature" : null;
            if (reason is null)
            {
                writer.WriteNumber("top_p"u8, topP);
            }
            else if (!Sampling.IsDefault(topP))
            {
                warnings.Add(new Warning("dropped", "top_p", reason));
            }
        }

        if (sampling.TopK is { } topK)
        {
            var reason = quirks.Unsupported.Contains("top_k") ? "the model refuses it" : thinks ? "not possible while the model thinks" : null;
            if (reason is null)
            {
                writer.WriteNumber("top_k"u8, topK);
            }
            else
            {
                warnings.Add(new Warning("dropped", "top_k", reason));
            }
        }

        Stops(sampling, quirks, writer, warnings);
        Unknown(sampling, warnings);
    }

    private static double? Temperature(Sampling sampling, WireQuirks quirks, bool thinks, ICollection<Warning> warnings)
    {
        if (sampling.Temperature is not { } temperature)
        {
            return null;
        }

        var isDefault = Sampling.IsDefault(temperature);
        if (quirks.Unsupported.Contains("temperature") || (thinks && !isDefault))
        {
            if (!isDefault)
            {
                warnings.Add(new Warning("dropped", "temperature", thinks ? "not possible while the model thinks" : "the model refuses it"));
            }

            return null;
        }

        var highest = Math.Min(1, quirks.MaxTemperature);
        var clamped = Math.Clamp(temperature, 0, highest);
        if (Math.Abs(clamped - temperature) > 1e-9)
        {
            warnings.Add(new Warning("clamped", "temperature", $"the model takes 0 to {highest}"));
        }

        return clamped;
    }

    private static void Stops(Sampling sampling, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (sampling.Stop.Count == 0)
        {
            return;
        }

        if (quirks.Unsupported.Contains("stop_sequences"))
        {
            warnings.Add(new Warning("dropped", "stop", "the model refuses it"));
            return;
        }

        var fit = sampling.Stop.Where(static stop => !string.IsNullOrWhiteSpace(stop)).ToList();
        if (fit.Count < sampling.Stop.Count)
        {
            warnings.Add(new Warning("dropped", "stop", "stop texts of nothing but white space are refused"));
        }

        if (fit.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("stop_sequences"u8);
        foreach (var stop in fit)
        {
            writer.WriteStringValue(stop);
        }

        writer.WriteEndArray();
    }

    /// <summary>Warns of every setting that Anthropic's formats have no field for.</summary>
    public static void Unknown(Sampling sampling, ICollection<Warning> warnings)
    {
        Drop("frequency_penalty", sampling.FrequencyPenalty is not (null or 0));
        Drop("presence_penalty", sampling.PresencePenalty is not (null or 0));
        Drop("seed", sampling.Seed is not null);
        Drop("logit_bias", sampling.LogitBias is not (null or "{}"));
        Drop("logprobs", sampling.LogProbs is true);
        Drop("top_logprobs", sampling.TopLogProbs is > 0);
        if (sampling.Choices is > 1)
        {
            warnings.Add(new Warning("dropped", "n", "the target gives one answer"));
        }

        void Drop(string field, bool isAsked)
        {
            if (isAsked)
            {
                warnings.Add(new Warning("dropped", field, "the target's wire format has no such field"));
            }
        }
    }
}
