using System.Text.Json;

namespace Sommelier.Server.Tests.Clients;

/// <summary>
/// The official npm clients, straight to the double and through the gateway: what they receive must be the same, whichever
/// wire format the provider speaks.
/// </summary>
public sealed class NodeClientTests(ProviderDouble providers) : IClassFixture<ProviderDouble>
{
    [Theory]
    [InlineData("openai.mjs", 24)]
    [InlineData("anthropic.mjs", 24)]
    [InlineData("responses.mjs", 36)]
    [InlineData("frameworks.mjs", 33)]
    public async Task Client_receives_through_the_gateway_what_it_receives_directly(string script, int cases)
    {
        await RunAsync(script, cases, Configurations.Double(providers.Url));
    }

    [Fact]
    public async Task Every_dialects_own_client_is_told_the_same_by_every_kind_of_provider() =>
        await RunAsync("dialects.mjs", 279, Configurations.EveryDouble(providers.Url));

    private async Task RunAsync(string script, int cases, string configuration)
    {
        await using var gateway = await RunningGateway.StartAsync(configuration);

        using var process = Node.Start(script, gateway.Url, providers.Url);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));

        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var different = lines.Where(line => !line.GetProperty("same").GetBoolean()).Select(line => line.GetRawText());
        Assert.True(!different.Any(), string.Join('\n', different));
        Assert.True(process.ExitCode == 0, await errors);
        Assert.Equal(cases, lines.Count);
    }
}
