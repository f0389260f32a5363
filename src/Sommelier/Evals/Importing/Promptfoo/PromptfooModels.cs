using System.Text.Json.Nodes;
using Sommelier.Providers;

namespace Sommelier.Evals.Importing.Promptfoo;

/// <summary>promptfoo's ids of providers in the words of the gateway: <c>openai:chat:gpt-6</c> is <c>openai/gpt-6</c>.</summary>
internal static class PromptfooModels
{
    // Where the name differs; others are looked up as they are.
    private static readonly Dictionary<string, string> Vendors = new(StringComparer.Ordinal)
    {
        ["azureopenai"] = "azure",
        ["google"] = "gemini",
        ["palm"] = "gemini",
        ["togetherai"] = "together",
        ["x-ai"] = "xai",
        ["dashscope"] = "qwen",
        ["alibaba"] = "qwen",
        ["moonshotai"] = "moonshot",
        ["llamaapi"] = "llama",
    };

    // What stands between vendor and model and says how it is called, not who answers.
    private static readonly string[] Ways = ["chat", "responses", "completion", "messages", "embedding", "embeddings", "converse"];

    /// <summary>The model as <c>provider/model</c>; null when the id names no provider of the gateway.</summary>
    public static string? Find(string id)
    {
        var parts = id.Split(':', 2);
        if (parts.Length < 2 || parts[1].Length == 0)
        {
            return null;
        }

        var vendor = Vendors.GetValueOrDefault(parts[0], parts[0]);
        var model = parts[1].Split(':', 2) is [var way, { Length: > 0 } rest] && Ways.Contains(way, StringComparer.Ordinal) ? rest : parts[1];
        return ProviderRegistry.Find(vendor) is null || Ways.Contains(model, StringComparer.Ordinal) ? null : $"{vendor}/{model}";
    }

    /// <summary>The id of a provider, given as a text, as <c>{ id }</c> or as <c>{ id: settings }</c>, with its settings.</summary>
    public static (string? Id, JsonObject Settings) Read(JsonNode? provider) => provider switch
    {
        JsonValue text => (text.ToString(), []),
        JsonObject named when named["id"] is JsonValue id => (id.ToString(), named),
        JsonObject { Count: 1 } keyed when keyed.First() is var (key, inner) => (key, inner as JsonObject ?? []),
        _ => (null, []),
    };
}
