using System.Text.Json;

namespace Sommelier.Server.Tests.Edge;

/// <summary>A gateway before one scripted provider, <c>lab</c>, with the models <c>one</c> and <c>two</c> at 1 and 2 USD per million.</summary>
internal sealed class Lab : IAsyncDisposable
{
    private Lab(FaultServer provider, RunningGateway gateway) => (Provider, Gateway) = (provider, gateway);

    /// <summary>The provider.</summary>
    public FaultServer Provider { get; }

    /// <summary>The gateway.</summary>
    public RunningGateway Gateway { get; }

    /// <summary>Starts both; the provider answers properly unless a script is given; <paramref name="policy"/> adds to the policy that all requests are under.</summary>
    public static async Task<Lab> StartAsync(string dialect = "openai", bool streamed = false, string more = "", FaultReply? script = null, FaultReply[]? scripts = null, string policy = "")
    {
        var answer = dialect == "openai" ? ScriptedAnswer.OpenAI : ScriptedAnswer.Anthropic;
        var provider = new FaultServer(scripts ?? [script ?? answer.Reply(streamed)]);
        var model = (string id) => $$"""{ id: {{id}}, context: 32768, max_output: 4096, price: { input: 1, output: 2 } }""";
        var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            policies: { default: table, table: { strategy: order, order: [lab/one, lab/two], {{policy}} } }
            providers:
              lab:
                type: {{(dialect == "openai" ? "openai-compatible" : "anthropic")}}
                base_url: "{{provider.Address}}{{(dialect == "openai" ? "v1" : "")}}"
                api_key: sk-upstream
                only: [one, two]
                models: [{{model("one")}}, {{model("two")}}]
            {{more}}
            """);
        return new(provider, gateway);
    }

    /// <summary>The body of a reply as JSON.</summary>
    public static async Task<JsonElement> JsonAsync(HttpResponseMessage reply)
    {
        using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
