using System.Text.Json;

namespace Sommelier.Gateway;

/// <summary>Tells from a chat request's body alone in which wire format it is written, where no path says so.</summary>
internal static class RequestFormat
{
    /// <summary><c>anthropic-messages</c> when something stands in it that only Messages requests have, else <c>openai-chat</c>.</summary>
    public static string Of(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && IsMessages(root) ? "anthropic-messages" : "openai-chat";
        }
        catch (JsonException)
        {
            // Its reader says what is wrong, and where.
            return "openai-chat";
        }
    }

    private static bool IsMessages(JsonElement root) =>
        root.TryGetProperty("system", out _)
        || root.TryGetProperty("thinking", out _)
        || root.TryGetProperty("stop_sequences", out _)
        || Items(root, "tools").Any(static tool => tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("input_schema", out _))
        || Items(root, "messages").SelectMany(static message => (IEnumerable<JsonElement>)Items(message, "content")).Any(IsMessagesBlock);

    private static bool IsMessagesBlock(JsonElement block) =>
        block.ValueKind == JsonValueKind.Object && block.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
        && type.GetString() is "tool_use" or "tool_result" or "image" or "document" or "thinking";

    private static JsonElement.ArrayEnumerator Items(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;
}
