namespace Sommelier.Providers;

/// <summary>Every provider. A new one is a file in this folder and a line in this list; a test names the line that is missing.</summary>
public static class ProviderRegistry
{
    /// <summary>In alphabetical order.</summary>
    public static IReadOnlyList<Provider> All { get; } =
    [
        new Anthropic(),
        new AnthropicCompatible(),
        new Azure(),
        new Bedrock(),
        new BedrockMantle(),
        new Cerebras(),
        new Cloudflare(),
        new CloudflareGateway(),
        new DeepSeek(),
        new Dify(),
        new Doubao(),
        new Gemini(),
        new Groq(),
        new InProcess(),
        new LangGraph(),
        new LiteLlm(),
        new Llama(),
        new LmStudio(),
        new Meta(),
        new Mistral(),
        new Moonshot(),
        new Nvidia(),
        new Ollama(),
        new OllamaCloud(),
        new OpenAI(),
        new OpenAICompatible(),
        new OpenRouter(),
        new Perplexity(),
        new Qwen(),
        new StepFun(),
        new Together(),
        new VertexAI(),
        new VLlm(),
        new XAI(),
        new Zhipu(),
    ];

    /// <summary>The provider of a name (a key under <c>providers</c>, or its <c>type</c>), or null.</summary>
    public static Provider? Find(string name)
    {
        foreach (var provider in All)
        {
            if (string.Equals(provider.Name, name, StringComparison.Ordinal))
            {
                return provider;
            }
        }

        return null;
    }
}
