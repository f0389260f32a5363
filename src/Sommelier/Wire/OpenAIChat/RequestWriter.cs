using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Writes a request of any origin for a target that speaks this format.</summary>
internal static class RequestWriter
{
    /// <inheritdoc cref="IRequestWire.Write"/>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        var options = new OptionWriter(writer, target.Quirks, warnings);
        var form = FormWriter.Plan(request, target.Quirks, warnings);
        writer.WriteStartObject();
        writer.WriteString("model", target.Model);
        new MessageWriter(writer, request, target.Quirks, warnings).Write(form.Instructions);
        options.Number(target.Quirks.MaxTokensField, request.MaxOutputTokens);
        WriteStream(request, target, writer);
        WriteSampling(request.Sampling, options);
        ToolWriter.Write(request, target.Quirks, writer, options, warnings);
        form.Write(Own(request.Extra), writer, warnings);
        if (request.Reasoning is { } reasoning)
        {
            var field = ReasoningField(request);
            ReasoningKnobs.Write(reasoning, field, target, writer, warnings);
        }

        options.Text("user", request.EndUser);
        WriteExtra(request.Extra, options, warnings);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static string ReasoningField(ChatRequest request)
    {
        var isOurs = string.Equals(request.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal);
        return isOurs ? request.Reasoning?.BudgetTokens is null ? "reasoning_effort" : "reasoning.max_tokens"
            : request.Reasoning?.BudgetTokens is null ? "output_config.effort" : "thinking.budget_tokens";
    }

    private static void WriteStream(ChatRequest request, WireTarget target, Utf8JsonWriter writer)
    {
        if (!request.Stream)
        {
            return;
        }

        writer.WriteBoolean("stream", true);
        if (target.Quirks.StreamUsage != StreamUsageRule.OnRequest)
        {
            return;
        }

        var asked = request.StreamUsage || target.AskStreamUsage;
        var given = Extras.Find(Own(request.Extra), "stream_options");
        if (given is not null || asked)
        {
            // What the caller wrote stands where it asks already.
            writer.WritePropertyName("stream_options");
            var options = System.Text.Encoding.UTF8.GetBytes(given ?? "null");
            var enough = given is not null && (request.StreamUsage || !asked);
            writer.WriteRawValue(enough ? options : StreamOptions.WithUsage(options).Span, skipInputValidation: true);
        }
    }

    private static void WriteSampling(Sampling sampling, OptionWriter options)
    {
        options.Temperature(sampling.Temperature);
        options.Number("top_p", sampling.TopP);
        options.Number("top_k", sampling.TopK);
        options.Number("frequency_penalty", sampling.FrequencyPenalty);
        options.Number("presence_penalty", sampling.PresencePenalty);
        options.Number("seed", sampling.Seed);
        options.Stop(sampling.Stop);
        options.Number("n", sampling.Choices);
        options.Flag("logprobs", sampling.LogProbs);
        options.Number("top_logprobs", sampling.TopLogProbs);
        options.Raw("logit_bias", sampling.LogitBias);
    }

    private static Extra? Own(Extra? extra) =>
        string.Equals(extra?.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal) ? extra : null;

    private static void WriteExtra(Extra? extra, OptionWriter options, ICollection<Warning> warnings)
    {
        if (Own(extra) is not { } own)
        {
            Extras.Warn(extra, "", warnings);
            return;
        }

        foreach (var (name, json) in own.Marks.Count == 0 ? own.Fields : own.Fields.Concat(own.Marks))
        {
            if (name is not "stream_options" && !ToolChoiceExtras.IsOne(name) && !name.StartsWith(FormExtras.Chat, StringComparison.Ordinal))
            {
                options.Raw(name, json);
            }
        }
    }
}
