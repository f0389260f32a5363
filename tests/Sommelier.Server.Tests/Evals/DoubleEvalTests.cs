using System.Text.Json;
using Sommelier.Server.Tests.Cli;
using Sommelier.Server.Tests.Clients;

namespace Sommelier.Server.Tests.Evals;

/// <summary>A suite over real HTTP against the third-party double, as OpenAI and as Anthropic.</summary>
public sealed class DoubleEvalTests(ProviderDouble provider) : IClassFixture<ProviderDouble>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Text_tools_json_and_pictures_are_asked_and_graded_at_two_providers()
    {
        var config = folder.Write("sommelier.yaml", $$"""
            discover: false
            providers:
              openai: { api_key: k, base_url: '{{provider.Url}}/v1' }
              anthropic: { api_key: k, base_url: '{{provider.Url}}' }
            """);
        File.WriteAllBytes(Path.Combine(folder.Path, "dot.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        var suite = folder.Write("double.suite.yaml", """
            suite: double
            defaults: { max_tokens: 200 }
            cases:
              - { id: greet, input: Greet me, expect: [contains: welcome to the cellar, not-contains: beer] }
              - id: tools
                input: Weather in Seoul and Lyon?
                tools: [{ name: get_weather, parameters: { type: object, properties: { city: { type: string }, unit: { type: string } }, required: [city] } }]
                expect: [{ type: tool-call, value: [{ name: get_weather, arguments: { city: [Seoul] } }, { name: get_weather, arguments: { city: [Lyon], unit: [C] } }] }]
              - { id: json, input: Give me the wine as JSON, expect: [json-equals: { name: Riesling, year: 2024 }] }
              - { id: picture, input: What is in the picture?, attachments: [dot.png], expect: [regex: 'red\s+pixel'] }
              - { id: wrong, input: Think about it, expect: [contains: forty-three] }
            """);

        var result = await EvalWorld.InvokeAsync("eval", "run", suite, "--models", "openai/gpt-4.1-mini,anthropic/claude-haiku-5-5", "--config", config, "--data", folder.Path, "--out", Path.Combine(folder.Path, "run"), "--yes", "--json");

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        Assert.All(JsonDocument.Parse(result.Output).RootElement.GetProperty("models").EnumerateArray(), model =>
        {
            Assert.Equal((5, 0.8), (model.GetProperty("scored").GetInt32(), model.GetProperty("pass_rate").GetDouble()));
            Assert.True(model.GetProperty("cost_usd").GetDecimal() > 0);
        });
    }
}
