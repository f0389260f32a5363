using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Reads <c>generationConfig</c>.</summary>
internal static class GeminiSettingsReader
{
    private const string Format = GeminiFormat.FormatName;

    private static readonly string[] Known = GeminiNames.Both(
        "maxOutputTokens", "temperature", "topP", "topK", "candidateCount", "stopSequences", "presencePenalty", "frequencyPenalty", "seed",
        "responseLogprobs", "logprobs", "responseMimeType", "responseSchema", "responseJsonSchema", "thinkingConfig");

    /// <summary>Reads the member; <see cref="GeminiSettings.None"/> when there is none.</summary>
    public static GeminiSettings Read(JsonFields root)
    {
        if (root.Object(root.Used("generationConfig")) is not { } config)
        {
            return GeminiSettings.None;
        }

        var sampling = new Sampling
        {
            Temperature = config.Number("temperature"),
            TopP = config.Number(config.Used("topP")),
            TopK = config.Int(config.Used("topK")),
            PresencePenalty = config.Number(config.Used("presencePenalty")),
            FrequencyPenalty = config.Number(config.Used("frequencyPenalty")),
            Seed = config.Long("seed"),
            Stop = Stop(config),
            Choices = config.Int(config.Used("candidateCount")),
            LogProbs = config.Bool(config.Used("responseLogprobs")),
            TopLogProbs = config.Int("logprobs"),
        };
        var extra = config.Unknown(Format, Known);
        extra = extra is null ? null : new Extra(Format, [.. extra.Fields.Select(field => KeyValuePair.Create(GeminiSettings.Prefix + field.Key, field.Value))]);
        return new(config.Int(config.Used("maxOutputTokens")), sampling, Form(config, ref extra), Thinking(config), extra);
    }

    private static List<string> Stop(JsonFields config)
    {
        var name = config.Used("stopSequences");
        return config.List(name) is { } list ? [.. list.EnumerateArray().Select(item => JsonFields.Text(item, config.At(name)))] : [];
    }

    private static ResponseFormat? Form(JsonFields config, ref Extra? extra)
    {
        var type = config.Text(config.Used("responseMimeType"));
        var schema = config.TryGet("responseJsonSchema", out var json, out _) ? json.GetRawText()
            : config.TryGet("responseSchema", out var old, out _) ? GeminiSchema.ToJsonSchema(old)
            : null;
        if (schema is not null && type is null or "application/json")
        {
            return new ResponseFormat(ResponseFormatKind.JsonSchema, Schema: schema);
        }

        if (type is null or "text/plain")
        {
            return null;
        }

        if (type is "application/json")
        {
            return new ResponseFormat(ResponseFormatKind.JsonObject);
        }

        // An enum as bare text: only Google has it.
        var own = new List<KeyValuePair<string, string>> { new($"{GeminiSettings.Prefix}responseMimeType", config.Raw(config.Used("responseMimeType"))!) };
        foreach (var name in (ReadOnlySpan<string>)["responseSchema", "responseJsonSchema"])
        {
            if (config.TryGet(name, out var words, out _))
            {
                own.Add(new($"{GeminiSettings.Prefix}{name}", words.GetRawText()));
            }
        }

        extra = Extras.Join(extra, new Extra(Format, own));
        return null;
    }

    private static Reasoning? Thinking(JsonFields config)
    {
        if (config.Object(config.Used("thinkingConfig")) is not { } thinking)
        {
            return null;
        }

        var level = thinking.Text(thinking.Used("thinkingLevel"));
        var budget = thinking.Int(thinking.Used("thinkingBudget"));
        var shown = thinking.Unknown(Format, GeminiNames.Both("thinkingLevel", "thinkingBudget"));
        ReasoningEffort? effort = level?.ToUpperInvariant() switch
        {
            null or "THINKING_LEVEL_UNSPECIFIED" => budget == 0 ? ReasoningEffort.None : null,
            "MINIMAL" => ReasoningEffort.Minimal,
            "LOW" => ReasoningEffort.Low,
            "MEDIUM" => ReasoningEffort.Medium,
            "HIGH" => ReasoningEffort.High,
            _ => throw FieldError.Unknown(thinking.At("thinkingLevel"), level, "MINIMAL, LOW, MEDIUM, HIGH"),
        };
        return new Reasoning(effort, budget is > 0 ? budget : null, budget == -1, shown) { Place = thinking.Place };
    }
}
