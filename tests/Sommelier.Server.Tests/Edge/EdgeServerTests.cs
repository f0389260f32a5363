using Microsoft.Extensions.Configuration;
using Sommelier.Server.Edge;

namespace Sommelier.Server.Tests.Edge;

public sealed class EdgeServerTests
{
    [Fact]
    public async Task Neither_the_current_folder_nor_the_environment_configures_the_server()
    {
        await using var gateway = await RunningGateway.StartAsync("discover: false");
        await using var edge = EdgeServer.Build(gateway.Gateway, new EdgeOptions(), _ => { });

        // Both would reach Kestrel's own section, which overrides --urls.
        Assert.Null(edge.Configuration["PATH"]);
        Assert.DoesNotContain(((IConfigurationRoot)edge.Configuration).Providers, provider => provider is FileConfigurationProvider);
    }
}
