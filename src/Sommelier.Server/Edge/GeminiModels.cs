using System.Text.Json;

namespace Sommelier.Server.Edge;

/// <summary>Names that a caller may send, in the shape of Google's list of models.</summary>
internal static class GeminiModels
{
    /// <summary>Writes a page of the list.</summary>
    public static void WriteList(Utf8JsonWriter json, IReadOnlyList<ServedName> names, ModelPage page)
    {
        json.WriteStartObject();
        json.WriteStartArray("models");
        for (var at = page.First; at < page.First + page.Count; at++)
        {
            Write(json, names[at]);
        }

        json.WriteEndArray();
        if (page.NextToken(names) is { } token)
        {
            json.WriteString("nextPageToken", token);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes one.</summary>
    public static void Write(Utf8JsonWriter json, ServedName name)
    {
        json.WriteStartObject();
        json.WriteString("name", $"models/{name.Id}");
        json.WriteString("displayName", name.Display);
        if (name.Deployment is { } deployment)
        {
            if ((deployment.MaxInputTokens ?? deployment.ContextWindow) is { } input)
            {
                json.WriteNumber("inputTokenLimit", input);
            }

            if (deployment.MaxOutputTokens is { } output)
            {
                json.WriteNumber("outputTokenLimit", output);
            }
        }

        json.WriteStartArray("supportedGenerationMethods");
        foreach (var method in name.Embeds ? (ReadOnlySpan<string>)["embedContent", "batchEmbedContents"] : ["generateContent", "countTokens"])
        {
            json.WriteStringValue(method);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
