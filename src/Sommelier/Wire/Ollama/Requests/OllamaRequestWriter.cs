using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Ollama;

/// <summary>Writes a request of any origin.</summary>
internal static class OllamaRequestWriter
{
    /// <summary>Writes a request; what Ollama has no word for is emulated or dropped, with a warning.</summary>
    public static void Write(ChatRequest request, WireTarget target, OllamaShape shape, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("model"u8, target.Model);
        if (shape == OllamaShape.Chat)
        {
            OllamaMessageWriter.Chat(request, writer, warnings);
        }
        else
        {
            OllamaMessageWriter.Prompt(request, writer, warnings);
        }

        writer.WriteBoolean("stream"u8, request.Stream);
        OllamaToolWriter.Write(request, shape, writer, warnings);
        Form(request.ResponseFormat, writer);
        Think(request, target.Quirks, writer, warnings);
        LogProbs(request.Sampling, writer);
        OllamaOptionWriter.Write(request, shape, writer, warnings);
        Rest(request, shape, writer, warnings);
        writer.WriteEndObject();
    }

    private static void Form(ResponseFormat? form, Utf8JsonWriter writer)
    {
        switch (form)
        {
            case { Kind: ResponseFormatKind.JsonSchema, Schema: not null }:
                writer.WritePropertyName("format"u8);
                writer.WriteRawValue(DescribedSchema.Of(form), skipInputValidation: true);
                break;
            case { Kind: ResponseFormatKind.JsonObject }:
                writer.WriteString("format"u8, "json"u8);
                break;
        }
    }

    private static void Think(ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (request.Reasoning is not { } reasoning)
        {
            return;
        }

        Extras.Warn(reasoning.Extra, reasoning.Place, warnings);
        if (quirks.Reasoning == ReasoningKnob.None)
        {
            if (reasoning.Effort != ReasoningEffort.None)
            {
                warnings.Add(new Warning("dropped", "reasoning_effort", "the model does not think"));
            }

            return;
        }

        var effort = reasoning.Effort ?? (reasoning.BudgetTokens is null && !reasoning.Adaptive ? null : OllamaThink.On);
        if (effort is null or ReasoningEffort.None)
        {
            writer.WriteBoolean("think"u8, effort is null);
            return;
        }

        if (reasoning.BudgetTokens is not null)
        {
            warnings.Add(new Warning("emulated", "reasoning", "the model takes no budget; it is told to think"));
        }

        if (quirks.Efforts.Count == 0)
        {
            writer.WriteBoolean("think"u8, true);
            if (effort != OllamaThink.On)
            {
                warnings.Add(new Warning("emulated", "reasoning_effort", "the model can only be told to think, not how much"));
            }

            return;
        }

        var level = OllamaThink.Level(effort.Value);
        writer.WriteString("think"u8, level);
        if (OllamaThink.Read(level) != effort)
        {
            warnings.Add(new Warning("emulated", "reasoning_effort", $"the nearest level is sent: {level}"));
        }
    }

    private static void LogProbs(Sampling sampling, Utf8JsonWriter writer)
    {
        if (sampling.LogProbs is { } wanted)
        {
            writer.WriteBoolean("logprobs"u8, wanted);
        }

        if (sampling.TopLogProbs is { } count)
        {
            writer.WriteNumber("top_logprobs"u8, count);
        }
    }

    private static void Rest(ChatRequest request, OllamaShape shape, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (request.EndUser is not null)
        {
            warnings.Add(new Warning("dropped", "user", "the target's wire format has no field for the end user"));
        }

        if (request.ParallelToolCalls == false)
        {
            warnings.Add(new Warning("dropped", "parallel_tool_calls", "the target calls several tools when it likes"));
        }

        if (request.Extra is not { } extra)
        {
            return;
        }

        var isOwn = string.Equals(extra.Format, shape.Format(), StringComparison.Ordinal);
        foreach (var (name, json) in extra.Fields)
        {
            if (!isOwn)
            {
                warnings.Add(new Warning("dropped", name, "the target's wire format has no such field"));
            }
            else if (!name.StartsWith(OllamaRequestReader.OptionsPrefix, StringComparison.Ordinal))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }
}
