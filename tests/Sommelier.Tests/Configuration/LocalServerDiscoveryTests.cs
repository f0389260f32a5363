using Sommelier.Catalog;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Providers;

namespace Sommelier.Tests.Configuration;

public sealed class LocalServerDiscoveryTests
{
    private const string Tags = """{"models":[{"name":"llama3.3:70b","model":"llama3.3:70b","details":{"family":"llama"}},{"name":"nomic-embed-text:latest","details":{"family":"nomic-bert"}},{"name":"gpt-oss:120b-cloud","remote_host":"https://ollama.com"}]}""";

    private const string Models = """{"object":"list","data":[{"id":"Qwen/Qwen3.5-27B","object":"model","owned_by":"vllm","max_model_len":131072}]}""";

    [Fact]
    public async Task Finds_the_servers_that_answer_their_list()
    {
        await using var ollama = new FaultServer(FaultReply.Json(Tags));
        await using var vllm = new FaultServer(FaultReply.Json(Models));

        var found = await FindAsync(SommelierConfig.Default, ("ollama", ollama.Address.Port), ("vllm", vllm.Address.Port), ("lmstudio", FaultServer.Refused().Port));

        Assert.Equal(["ollama", "vllm"], found.Select(server => server.Name));
        Assert.Equal(
            [new LocalModel("llama3.3:70b"), new("nomic-embed-text:latest", ModelKind.Embedding), new("gpt-oss:120b-cloud", IsRemote: true)],
            found[0].Models);
        Assert.Equal([new LocalModel("Qwen/Qwen3.5-27B", ContextWindow: 131072)], found[1].Models);
        Assert.Equal("/api/tags", ollama.Requests[0].Path);
        Assert.Equal("/v1/models", vllm.Requests[0].Path);
    }

    [Fact]
    public async Task Another_program_on_the_port_is_no_model_server()
    {
        foreach (var reply in new[] { FaultReply.Html(200), FaultReply.Json("[1]"), FaultReply.Json("{\"data\":5}"), FaultReply.Error(404, "{}"), FaultReply.CloseAtOnce })
        {
            await using var server = new FaultServer(reply);

            Assert.Empty(await FindAsync(SommelierConfig.Default, ("vllm", server.Address.Port)));
        }
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for()
    {
        await using var silent = new FaultServer(FaultReply.Nothing);

        Assert.Empty(await FindAsync(SommelierConfig.Default, ("ollama", silent.Address.Port)));
    }

    [Fact]
    public async Task The_search_can_be_turned_off()
    {
        await using var ollama = new FaultServer(FaultReply.Json(Tags));

        Assert.Empty(await FindAsync(Given.ValidYaml("discover: false"), ("ollama", ollama.Address.Port)));
        Assert.Empty(ollama.Requests);
    }

    [Fact]
    public async Task A_configured_local_server_is_asked_for_its_models_with_its_key()
    {
        await using var ollama = new FaultServer(FaultReply.Json(Tags));
        await using var lmstudio = new FaultServer(FaultReply.Json(Models));
        var config = Given.ValidYaml(
            $$"""
            discover: false
            providers:
              den: { type: lmstudio, base_url: '{{lmstudio.Address}}v1', api_key: the-key }
              ollama: { base_url: '{{ollama.Address}}v1', models: [only-this] }
            """);

        var found = await FindAsync(config);
        var snapshot = GatewaySnapshotBuilder.Build(config, Given.Environment(), found).Snapshot;

        Assert.Equal(["den/Qwen/Qwen3.5-27B", "ollama/only-this"], snapshot.Catalog.Deployments.Select(d => d.Id));
        Assert.Equal("Bearer the-key", lmstudio.Requests[0].Headers["authorization"]);
        Assert.Empty(ollama.Requests);
    }

    [Fact]
    public async Task A_name_that_is_switched_off_is_not_found_again()
    {
        await using var ollama = new FaultServer(FaultReply.Json(Tags));

        Assert.Empty(await FindAsync(Given.ValidYaml("providers: { ollama: { enabled: false } }"), ("ollama", ollama.Address.Port)));
    }

    private static async Task<IReadOnlyList<LocalServer>> FindAsync(SommelierConfig config, params (string Provider, int Port)[] ports)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var http = new HttpMessageInvoker(handler);
        return await new LocalServerDiscovery(http, TimeProvider.System, PortsOf).FindAsync(config, TestContext.Current.CancellationToken);

        IReadOnlyList<int> PortsOf(Provider provider) => [.. ports.Where(p => p.Provider == provider.Name).Select(p => p.Port)];
    }
}
