namespace Sommelier.Server.Tests.Clients;

/// <summary>Configurations that the tests share.</summary>
internal static class Configurations
{
    /// <summary>Every vendor whose format the double plays.</summary>
    public static string EveryDouble(string url) =>
        $$"""
        {{Double(url)}}
          gemini: { api_key: upstream-gemini, base_url: "{{url}}/v1beta" }
          bedrock: { api_key: upstream-bedrock, base_url: "{{url}}", models: [{ id: "amazon.nova-2-lite-v1:0", capabilities: [tools, parallel_tools, vision, streaming] }, { id: "anthropic.claude-opus-5-5-v1:0", context: 200000, max_output: 32000, price: { input: 1, output: 2 } }] }
          ollama: { base_url: "{{url}}", models: [{ id: llama, capabilities: [tools, parallel_tools, vision, streaming] }] }
        """;

    /// <summary>Whoever embeds: OpenAI, Google, Ollama, and a server that is known by its configuration alone.</summary>
    public static string Vectors(string url) =>
        $$"""
        discover: false
        providers:
          openai: { api_key: upstream-openai, base_url: "{{url}}/v1" }
          gemini: { api_key: upstream-gemini, base_url: "{{url}}/v1beta" }
          ollama: { base_url: "{{url}}", models: [{ id: nomic-embed-text, kind: embedding }] }
          vectors: { type: openai-compatible, base_url: "{{url}}/v1", models: [{ id: nomic-embed-text, kind: embedding }] }
        """;

    /// <summary>OpenAI, a server that knows only its chat format, and Anthropic, all played by the double.</summary>
    public static string Double(string url) =>
        $$"""
        discover: false
        providers:
          openai: { api_key: sk-upstream-openai, base_url: "{{url}}/v1" }
          chat: { type: openai-compatible, api_key: sk-upstream-chat, base_url: "{{url}}/v1", models: [gpt-6-luna] }
          anthropic: { api_key: sk-upstream-anthropic, base_url: "{{url}}" }
        """;

    /// <summary>Bedrock alone, with one model of Claude's.</summary>
    public static string Bedrock(string url) =>
        $$"""
        discover: false
        providers:
          bedrock:
            api_key: sk-upstream-bedrock
            base_url: "{{url}}"
            models: [{ id: "anthropic.claude-opus-5-5-v1:0", context: 200000, max_output: 32000, price: { input: 1, output: 2 } }]
        """;
}
