using System.Text.Json;

namespace Sommelier.Gateway;

/// <summary>What stands in the requests of one wire format and of no other.</summary>
internal static class FormatMarks
{
    /// <summary>Whether the model of such a request stands in its address.</summary>
    public static bool NamesNoModel(string format) => format is "gemini" or "bedrock-converse";

    /// <summary>The format whose marks a body bears; null when it bears none.</summary>
    public static string? Find(JsonElement root) =>
        Has(root, "contents") ? "gemini"
        : !Has(root, "messages") ? Without(root)
        : IsConverse(root) ? "bedrock-converse"
        : IsOllama(root) ? "ollama"
        : IsMessages(root) ? "anthropic-messages"
        : null;

    private static string? Without(JsonElement root) =>
        Has(root, "input") || Has(root, "previous_response_id") || Has(root, "instructions") ? "openai-responses"
        : root.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.String ? "ollama-generate"
        : null;

    // Its content is tagged by the name of a member, where the others have a type.
    private static bool IsConverse(JsonElement root) =>
        Has(root, "inferenceConfig") || Has(root, "toolConfig") || Has(root, "guardrailConfig") || Has(root, "additionalModelRequestFields")
        || Items(root, "system").Any(IsUntyped) || Blocks(root).Any(IsUntyped);

    private static bool IsUntyped(JsonElement block) =>
        block.ValueKind == JsonValueKind.Object && !Has(block, "type")
        && (Has(block, "text") || Has(block, "toolUse") || Has(block, "toolResult") || Has(block, "reasoningContent") || Has(block, "image")
            || Has(block, "document") || Has(block, "video") || Has(block, "guardContent") || Has(block, "cachePoint"));

    private static bool IsOllama(JsonElement root) =>
        Has(root, "options") || Has(root, "keep_alive") || Has(root, "think") || Has(root, "format")
        || Items(root, "messages").Any(static message => Has(message, "images") || Has(message, "tool_name") || Items(message, "tool_calls").Any(HasObjectArguments));

    private static bool HasObjectArguments(JsonElement call) =>
        call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.Object;

    private static bool IsMessages(JsonElement root) =>
        Has(root, "system") || Has(root, "thinking") || Has(root, "stop_sequences")
        || Items(root, "tools").Any(static tool => Has(tool, "input_schema"))
        || Blocks(root).Any(IsMessagesBlock);

    private static bool IsMessagesBlock(JsonElement block) =>
        block.ValueKind == JsonValueKind.Object && block.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
        && type.GetString() is "tool_use" or "tool_result" or "image" or "document" or "thinking";

    private static IEnumerable<JsonElement> Blocks(JsonElement root) =>
        Items(root, "messages").SelectMany(static message => (IEnumerable<JsonElement>)Items(message, "content"));

    private static bool Has(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out _);

    private static JsonElement.ArrayEnumerator Items(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;
}
