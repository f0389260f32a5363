using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>The settings of a request by the names that each dialect has for them, for warnings and errors.</summary>
/// <remarks>
/// Writers name a setting as OpenAI's chat format does, because they do not know who asks. What a dialect alone knows, and
/// what stands inside messages, is named where it was read and stays as it is.
/// </remarks>
internal static class CallerFields
{
    private const string Functions = "functions[";
    private const string Inner = "].function.";
    private const string Schema = "response_format.json_schema.schema";

    // With a dot in front: a member of a piece, whose place stands before it; with a list before the dot, of that list's items alone.
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> Names = new Dictionary<string, FrozenDictionary<string, string>>(StringComparer.Ordinal)
    {
        ["openai-chat"] = Table(("reasoning", "reasoning_effort"), ("tools.strict", ".function.strict"), ("tools.format", ".custom.format"), (".filename", ".file.filename")),
        ["openai-responses"] = Table(
            ("max_tokens", "max_output_tokens"), ("response_format", "text.format"), (Schema, "text.format.schema"),
            ("reasoning_effort", "reasoning.effort"), ("output_config.effort", "reasoning.effort"), ("system", "instructions"), ("messages", "input")),
        ["anthropic-messages"] = Table(
            ("stop", "stop_sequences"), ("reasoning", "thinking"), ("response_format", "output_config.format"), (Schema, "output_config.format.schema"),
            ("reasoning_effort", "output_config.effort"), ("user", "metadata.user_id"), ("parallel_tool_calls", "tool_choice.disable_parallel_tool_use"), (".filename", ".title")),
        ["gemini"] = Table(
            ("max_tokens", "generationConfig.maxOutputTokens"), ("temperature", "generationConfig.temperature"), ("top_p", "generationConfig.topP"),
            ("top_k", "generationConfig.topK"), ("frequency_penalty", "generationConfig.frequencyPenalty"), ("presence_penalty", "generationConfig.presencePenalty"),
            ("seed", "generationConfig.seed"), ("stop", "generationConfig.stopSequences"), ("n", "generationConfig.candidateCount"),
            ("logprobs", "generationConfig.responseLogprobs"), ("top_logprobs", "generationConfig.logprobs"),
            ("response_format", "generationConfig.responseMimeType"), (Schema, "generationConfig.responseJsonSchema"),
            ("reasoning", "generationConfig.thinkingConfig"), ("reasoning_effort", "generationConfig.thinkingConfig"), ("output_config.effort", "generationConfig.thinkingConfig"),
            ("thinking.budget_tokens", "generationConfig.thinkingConfig.thinkingBudget"), ("tool_choice", "toolConfig.functionCallingConfig"),
            ("system", "systemInstruction"), ("messages", "contents"), (".is_error", ".functionResponse.response.error")),
        ["bedrock-converse"] = Table(
            ("max_tokens", "inferenceConfig.maxTokens"), ("temperature", "inferenceConfig.temperature"), ("top_p", "inferenceConfig.topP"),
            ("stop", "inferenceConfig.stopSequences"), ("top_k", "additionalModelRequestFields.top_k"), ("response_format", "outputConfig.textFormat"),
            (Schema, "outputConfig.textFormat.structure.jsonSchema.schema"), ("reasoning", "additionalModelRequestFields.thinking"), ("reasoning_effort", "outputConfig.effort"), ("output_config.effort", "outputConfig.effort"),
            ("thinking.budget_tokens", "additionalModelRequestFields.thinking.budget_tokens"), ("tools", "toolConfig.tools"), ("toolConfig.tools.strict", ".toolSpec.strict"), (".is_error", ".toolResult.status"), (".filename", ".document.name"), ("tool_choice", "toolConfig.toolChoice")),
        ["ollama"] = OfOllama,
        ["ollama-generate"] = OfOllama,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenDictionary<string, string> OfOllama => Table(
        ("max_tokens", "options.num_predict"), ("temperature", "options.temperature"), ("top_p", "options.top_p"), ("top_k", "options.top_k"),
        ("frequency_penalty", "options.frequency_penalty"), ("presence_penalty", "options.presence_penalty"), ("seed", "options.seed"),
        ("stop", "options.stop"), ("response_format", "format"), (Schema, "format"), ("reasoning", "think"), ("reasoning_effort", "think"), ("output_config.effort", "think"),
        ("thinking.budget_tokens", "think"), ("tools.strict", ".function.strict"));

    /// <summary>The setting's name in a caller's dialect; the name itself where that is the same, or nobody knows another.</summary>
    /// <param name="format">The caller's format.</param>
    /// <param name="field">The name in OpenAI's chat format, or a path that is the caller's own.</param>
    public static string Name(string format, string field) =>
        Names.TryGetValue(format, out var names) && names.TryGetValue(field, out var name) ? name : field;

    /// <summary>The field in which a caller named media that stand elsewhere, e.g. <c>contents[0].parts[1].fileData.fileUri</c>.</summary>
    /// <param name="format">The caller's format.</param>
    /// <param name="part">A <see cref="UriPart"/> or <see cref="FilePart"/> of its request.</param>
    public static string Media(string format, ContentPart part) => part.Place.At((format, part) switch
    {
        ("openai-responses", UriPart { Kind: MediaKind.Image }) => "image_url",
        ("openai-responses", UriPart) => "file_url",
        ("openai-responses", _) => "file_id",
        ("anthropic-messages", UriPart) => "source.url",
        ("anthropic-messages", _) => "source.file_id",
        ("gemini", _) => "fileData.fileUri",
        (_, UriPart uri) => uri.Kind switch { MediaKind.Video => "video_url.url", MediaKind.Audio => "audio_url.url", _ => "image_url.url" },
        _ => "file.file_id",
    }).ToString();

    /// <summary>The field in which a caller names a tool, e.g. <c>tools[0].function.name</c>.</summary>
    /// <param name="format">The caller's format.</param>
    /// <param name="tool">A tool of its request.</param>
    public static string ToolName(string format, ToolDefinition tool)
    {
        // Where there are no kinds of tools (the older "functions") the name stands in the tool itself.
        var isNested = format is "openai-chat" or "ollama" && tool.Place.ToString().StartsWith("tools", StringComparison.Ordinal);
        return tool.Place.At(format is "bedrock-converse" ? "toolSpec.name" : !isNested ? "name" : tool.Custom is not null ? "custom.name" : "function.name").ToString();
    }

    /// <summary>Puts the caller's names into warnings that speak of its request.</summary>
    /// <param name="format">The caller's format.</param>
    /// <param name="warnings">The warnings.</param>
    /// <param name="reasoning">What the caller asked of the model's thinking, where that was read; null for nothing.</param>
    public static void Rename(string format, List<Warning> warnings, Reasoning? reasoning = null)
    {
        // Who says how much to think in an object of its own, or that it is not to, has named no effort.
        if (reasoning is { Place.IsKnown: true, Effort: null or ReasoningEffort.None })
        {
            for (var i = 0; i < warnings.Count; i++)
            {
                if (warnings[i].Field is "reasoning" or "reasoning_effort" or "reasoning.effort" or "output_config.effort" or "thinking")
                {
                    warnings[i] = warnings[i] with { Field = reasoning.Place.ToString() };
                }
            }
        }

        if (warnings.Count == 0 || !Names.TryGetValue(format, out var names))
        {
            return;
        }

        for (var i = 0; i < warnings.Count; i++)
        {
            var field = warnings[i].Field;
            if (names.TryGetValue(field, out var name))
            {
                warnings[i] = warnings[i] with { Field = name };
            }
            else if (field.StartsWith(Functions, StringComparison.Ordinal) && field.IndexOf(Inner, StringComparison.Ordinal) is > 0 and var at)
            {
                // The older functions stand in no tool.
                warnings[i] = warnings[i] with { Field = string.Concat(field.AsSpan(0, at + 2), field.AsSpan(at + Inner.Length)) };
            }
            else if (field.LastIndexOf('.') is > 0 and var dot && TryMember(names, field, dot, out var member))
            {
                warnings[i] = warnings[i] with { Field = string.Concat(field.AsSpan(0, dot), member) };
            }
        }
    }

    private static bool TryMember(FrozenDictionary<string, string> names, string field, int dot, [NotNullWhen(true)] out string? member) =>
        names.TryGetValue(field[dot..], out member)
        || (field[dot - 1] == ']' && names.TryGetValue(string.Concat(field.AsSpan(0, field.LastIndexOf('[', dot)), field.AsSpan(dot)), out member));

    private static FrozenDictionary<string, string> Table(params (string Ours, string Theirs)[] names) =>
        names.ToFrozenDictionary(static pair => pair.Ours, static pair => pair.Theirs, StringComparer.Ordinal);
}
