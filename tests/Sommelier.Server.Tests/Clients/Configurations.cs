namespace Sommelier.Server.Tests.Clients;

/// <summary>Configurations that the tests share.</summary>
internal static class Configurations
{
    /// <summary>OpenAI and Anthropic, both played by the double.</summary>
    public static string Double(string url) =>
        $$"""
        discover: false
        providers:
          openai: { api_key: sk-upstream-openai, base_url: "{{url}}/v1" }
          anthropic: { api_key: sk-upstream-anthropic, base_url: "{{url}}" }
        """;
}
