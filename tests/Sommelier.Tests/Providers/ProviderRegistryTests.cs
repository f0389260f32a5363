using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Tests.Providers;

public sealed class ProviderRegistryTests
{
    public static TheoryData<string> Names => [.. ProviderRegistry.All.Select(provider => provider.Name)];

    [Fact]
    public void Every_provider_has_its_line()
    {
        var listed = ProviderRegistry.All.Select(provider => provider.GetType()).ToHashSet();
        foreach (var type in typeof(Provider).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Provider)) && !type.IsAbstract))
        {
            Assert.True(listed.Contains(type), $"Add the line 'new {type.Name}(),' to Providers/ProviderRegistry.cs.");
        }
    }

    [Fact]
    public void Lines_are_in_alphabetical_order_and_names_unique()
    {
        var types = ProviderRegistry.All.Select(provider => provider.GetType().Name).ToArray();
        Assert.Equal(types.Order(StringComparer.OrdinalIgnoreCase), types);
        Assert.Equal(types.Length, ProviderRegistry.All.Select(provider => provider.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Facts_are_well_formed(string name)
    {
        var provider = ProviderRegistry.Find(name)!;
        var deployment = new Deployment { Id = $"{name}/m", Provider = name, Model = "m", CanonicalModel = "m" };

        Assert.Matches("^[a-z][a-z0-9-]*$", provider.Name);
        Assert.NotEmpty(provider.Endpoints);
        Assert.True(provider.BaseAddress is null or { AbsoluteUri: [.., '/'] }, "A base address ends with a slash.");
        Assert.Equal(provider.BaseAddress is null && provider.Settings.Count == 0, provider.Name is "litellm" or "langgraph" || provider.Name.EndsWith("-compatible", StringComparison.Ordinal));
        Assert.True(provider.Settings.Count == 0 || provider.AddressOf(name => name) is { Scheme: "https", AbsoluteUri: [.., '/'] }, "Settings make an address.");
        foreach (var endpoint in provider.Endpoints)
        {
            Assert.Contains(endpoint.Format, WireFormats.All.Select(format => format.Name));
            Assert.False(endpoint.Path.StartsWith('/'), "A path is relative to the base address.");
            Assert.NotNull(provider.Quirks(deployment, endpoint.Format));
        }

        if (provider.LocalPorts.Count > 0)
        {
            Assert.True(provider.BaseAddress!.IsLoopback);
            Assert.Contains(provider.BaseAddress.Port, provider.LocalPorts);
        }
        else if (provider.BaseAddress is not null)
        {
            Assert.Equal("https", provider.BaseAddress.Scheme);
            Assert.Equal(provider is InProcess, provider.ApiKeyVariables.Count == 0);
        }
    }

    [Fact]
    public void An_unknown_name_has_no_provider() => Assert.Null(ProviderRegistry.Find("nobody"));
}
