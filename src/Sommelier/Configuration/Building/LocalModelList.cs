using System.Text.Json;
using Sommelier.Catalog;

namespace Sommelier.Configuration.Building;

/// <summary>Reads what a local server lists: Ollama's <c>/api/tags</c>, or OpenAI's <c>/v1/models</c> of all the others.</summary>
internal static class LocalModelList
{
    /// <summary>The models; null when the answer is no such list: another program has the port.</summary>
    public static IReadOnlyList<LocalModel>? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            return Items(document.RootElement, "models") is { } tags ? [.. tags.Select(Tag).OfType<LocalModel>()]
                : Items(document.RootElement, "data") is { } models ? [.. models.Select(Model).OfType<LocalModel>()]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<JsonElement>? Items(JsonElement root, string name) =>
        root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : null;

    private static LocalModel? Tag(JsonElement item)
    {
        if (Text(item, "model") is not { } id && (id = Text(item, "name")!) is null)
        {
            return null;
        }

        var family = item.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object ? Text(details, "family") : null;
        var embeds = family is not null && family.Contains("bert", StringComparison.OrdinalIgnoreCase);
        var remote = Text(item, "remote_host") is { Length: > 0 } || id.EndsWith("-cloud", StringComparison.Ordinal) || id.EndsWith(":cloud", StringComparison.Ordinal);
        return new(id, embeds || IsEmbedding(id) ? ModelKind.Embedding : ModelKind.Chat, IsRemote: remote);
    }

    private static LocalModel? Model(JsonElement item)
    {
        if (Text(item, "id") is not { } id)
        {
            return null;
        }

        // vLLM tells the length that it was started with.
        int? context = item.TryGetProperty("max_model_len", out var length) && length.ValueKind == JsonValueKind.Number && length.TryGetInt32(out var tokens) && tokens > 0 ? tokens : null;
        return new(id, IsEmbedding(id) ? ModelKind.Embedding : ModelKind.Chat, context);
    }

    private static bool IsEmbedding(string id) => id.Contains("embed", StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
