using System.Text.Json;

namespace Sommelier.Server.Edge;

/// <summary>Names that a caller may send, in the shape of Google's list of models.</summary>
internal static class GeminiModels
{
    /// <summary>Writes the whole list: it has no further page.</summary>
    public static void WriteList(Utf8JsonWriter json, IEnumerable<ServedName> names)
    {
        json.WriteStartObject();
        json.WriteStartArray("models");
        foreach (var name in names)
        {
            Write(json, name);
        }

        json.WriteEndArray();
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
