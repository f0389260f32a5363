namespace Sommelier.Server.Tests.Clients;

/// <summary>
/// The official npm clients, straight to the double and through the gateway: what they receive must be the same, whichever
/// wire format the provider speaks.
/// </summary>
public sealed class NodeClientTests(ProviderDouble providers) : IClassFixture<ProviderDouble>
{
    [Theory]
    [InlineData("openai.mjs", 36)]
    [InlineData("responses.mjs", 36)]
    [InlineData("frameworks.mjs", 39)]
    [InlineData("anthropic.mjs", 30)]
    [InlineData("bedrock.mjs", 36)]
    public async Task Client_receives_through_the_gateway_what_it_receives_directly(string script, int cases) =>
        await RunAsync(script, cases, Configurations.EveryDouble(providers.Url));

    [Fact]
    public async Task Every_dialects_own_client_is_told_the_same_by_every_kind_of_provider() =>
        await RunAsync("dialects.mjs", 288, Configurations.EveryDouble(providers.Url));

    [Fact]
    public async Task Vectors_are_the_vendors_in_every_dialect() => await RunAsync("embeddings.mjs", 29, Configurations.Vectors(providers.Url));

    private async Task RunAsync(string script, int cases, string configuration)
    {
        await using var gateway = await RunningGateway.StartAsync(configuration);

        var lines = await Comparison.RunAsync(script, gateway.Url, providers.Url);

        Assert.Equal(cases, lines.Count);
    }
}
