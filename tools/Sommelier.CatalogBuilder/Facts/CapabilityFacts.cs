using System.Text.Json;
using Sommelier.Catalog;
using static Sommelier.CatalogBuilder.Facts.SourceCatalog;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>What a deployment can do, and what it is for.</summary>
public static class CapabilityFacts
{
    private static readonly string[] NotChat =
    [
        "whisper", "tts", "asr", "transcribe", "moderation", "guard", "realtime", "-live", "rerank", "embed", "bge-", "image",
        "imagine", "veo-", "lyria", "orpheus", "speech", "voxtral-mini-latest", "flux", "riva", "safety", "reward", "detector",
        "ocr", "parse", "video", "cosmos", "deep-research", "computer-use", "robotics", "translate", "gliner", "nv-clip", "nvclip",
        "retriever", "cyber", "daybreak", "banana", "paligemma", "deplot", "kosmos", "fuyu", "neva", "vila", "audio", "schematron", "ui-tars", "-ep-", "instruct-0914",
    ];

    /// <summary>Chat, embedding or other.</summary>
    public static ModelKind Kind(string id, JsonElement model)
    {
        var mode = Text(Child(model, "litellm"), "mode");
        var name = id.ToLowerInvariant();
        if (mode == "embedding" || name.Contains("embed", StringComparison.Ordinal) || name.Contains("bge-", StringComparison.Ordinal))
        {
            return ModelKind.Embedding;
        }

        var output = Texts(Child(model, "modalities"), "output");
        return output is ["text"] or [] && mode is null or "chat" or "responses" && !NotChat.Any(n => name.Contains(n, StringComparison.Ordinal))
            ? ModelKind.Chat
            : ModelKind.Other;
    }

    /// <summary>The capabilities; <paramref name="kin"/> is the newest model of the same line that the source knows in full.</summary>
    /// <remarks>
    /// pi-ai lists only models that can call tools, and gives neither structured output, temperature nor inputs other than text
    /// and images: those come from the kin. Parallel calls are a matter of the maker: true where any of its models is known to make them.
    /// </remarks>
    public static Capabilities Of(string provider, ModelKind kind, JsonElement model, JsonElement kin, bool parallelMaker)
    {
        if (kind != ModelKind.Chat)
        {
            return Capabilities.None;
        }

        var litellm = Child(model, "litellm");
        var input = Texts(Child(model, "modalities"), "input");
        var partial = !model.TryGetProperty("tool_call", out _);
        if (partial && input.Contains("image"))
        {
            input = [.. input, .. Texts(Child(kin, "modalities"), "input")];
        }

        var tools = partial || Is(model, "tool_call");
        var all = Capabilities.Streaming;
        Set(Capabilities.Tools, tools);
        Set(Capabilities.ParallelTools, tools && (parallelMaker || Is(litellm, "parallel_tools")));
        Set(Capabilities.Vision, input.Contains("image"));
        Set(Capabilities.Audio, input.Contains("audio"));
        Set(Capabilities.Video, input.Contains("video"));
        Set(Capabilities.Pdf, input.Contains("pdf"));
        Set(Capabilities.Reasoning, Is(model, "reasoning"));
        Set(Capabilities.Prefill, Is(litellm, "prefill"));
        Set(Capabilities.PromptCaching, Is(litellm, "prompt_caching") || HasCachePrice(model));
        Set(Capabilities.Temperature, Flag(Child(model, "client_compat") is { ValueKind: JsonValueKind.Object } c ? c : model, "supportsTemperature")
            ?? Flag(model, "temperature") ?? (kin.ValueKind != JsonValueKind.Object || (Flag(kin, "temperature") ?? true)));

        // DeepSeek and Z.ai hold output to JSON, not to a schema, whatever the catalog says; six hosts do it for every chat model.
        var structured = Is(model, "structured_output") || Is(model, "structured_output_litellm") || (partial && Is(kin, "structured_output"));
        structured |= tools && provider is "mistral" or "together" or "groq" or "cerebras" or "xai" or "qwen";
        var schema = structured && provider is not ("deepseek" or "zhipu");
        Set(Capabilities.JsonSchema, schema);
        Set(Capabilities.JsonObject, (structured || provider is "deepseek" or "zhipu") && provider is not ("anthropic" or "bedrock" or "perplexity"));
        return all;

        void Set(Capabilities flag, bool on) => all |= on ? flag : Capabilities.None;
    }

    /// <summary>The wire format that a deployment needs where it is not its provider's usual one.</summary>
    public static string Wire(string provider, JsonElement model)
    {
        if (provider == "meta" || (Text(Child(model, "litellm"), "mode") == "responses" && provider is "openai" or "azure"))
        {
            return "openai-responses";
        }

        var other = Child(model, "endpoint_override");
        return Text(other, "npm") switch
        {
            null => "",
            var npm when npm.EndsWith("/anthropic", StringComparison.Ordinal) => "anthropic-messages",
            _ when Text(other, "shape") == "responses" => "openai-responses",
            "@ai-sdk/openai-compatible" => "openai-chat",
            _ => "",
        };
    }

    /// <summary>How it is asked to reason.</summary>
    public static ReasoningOptions Reasoning(JsonElement model)
    {
        var options = ReasoningOptions.None;
        if (Child(model, "reasoning_options") is not { ValueKind: JsonValueKind.Array } list)
        {
            return options;
        }

        foreach (var option in list.EnumerateArray())
        {
            options = Text(option, "type") switch
            {
                "effort" => options with { Efforts = Texts(option, "values") },
                "toggle" => options with { Toggle = true },
                "budget_tokens" => options with
                {
                    Budget = true,
                    BudgetMin = Tokens(option, "min") ?? (option.TryGetProperty("min", out _) ? 0 : null),
                    BudgetMax = Tokens(option, "max"),
                },
                _ => options,
            };
        }

        return options;
    }

    private static bool HasCachePrice(JsonElement model) =>
        Child(Child(model, "price"), "cache_read") is { ValueKind: JsonValueKind.Number } read && read.GetDecimal() > 0;
}
