namespace Sommelier.Wire;

/// <summary>Every wire format. A new one is a folder here and a line in this list; a test names the line that is missing.</summary>
public static class WireFormats
{
    /// <summary>In no particular order.</summary>
    public static IReadOnlyList<IWireFormat> All { get; } =
    [
        AnthropicMessages.AnthropicMessagesFormat.Instance,
        BedrockConverse.BedrockConverseFormat.Instance,
        CloudflareRun.CloudflareRunFormat.Instance,
        Dify.DifyFormat.Instance,
        Gemini.GeminiFormat.Instance,
        Gemini.GeminiEmbedFormat.One,
        Gemini.GeminiEmbedFormat.Batch,
        Gemini.VertexPredictFormat.Instance,
        LangGraph.LangGraphFormat.Instance,
        Ollama.OllamaFormat.Instance,
        Ollama.OllamaGenerateFormat.Instance,
        Ollama.OllamaEmbedFormat.Instance,
        Ollama.OllamaEmbedFormat.Legacy,
        OpenAIChat.OpenAIChatFormat.Instance,
        OpenAICompaction.OpenAICompactionFormat.Instance,
        OpenAICompletions.OpenAICompletionsFormat.Instance,
        OpenAIEmbeddings.OpenAIEmbeddingsFormat.Instance,
        OpenAIResponses.OpenAIResponsesFormat.Instance,
    ];

    /// <summary>The format of a name.</summary>
    /// <exception cref="ArgumentException">No format has the name; the message lists those that exist.</exception>
    public static IWireFormat Get(string name)
    {
        foreach (var format in All)
        {
            if (string.Equals(format.Name, name, StringComparison.Ordinal))
            {
                return format;
            }
        }

        throw new ArgumentException($"No wire format is named '{name}'. There are: {string.Join(", ", All.Select(format => format.Name))}.", nameof(name));
    }
}
