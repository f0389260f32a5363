using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Tests.Architecture;

/// <summary>Registries replace discovery: explicit, ahead-of-time friendly, and these tests say which line is missing.</summary>
public sealed class RegistryTests
{
    [Fact]
    public void Every_provider_has_its_line() => Listed(typeof(Provider), ProviderRegistry.All, nameof(ProviderRegistry));

    [Fact]
    public void Every_wire_format_has_its_line() => Listed(typeof(IWireFormat), WireFormats.All, nameof(WireFormats));

    [Fact]
    public void Provider_names_are_unique() =>
        Assert.Equal(ProviderRegistry.All.Count, ProviderRegistry.All.Select(provider => provider.Name).Distinct(StringComparer.Ordinal).Count());

    private static void Listed(Type contract, IEnumerable<object> listed, string registry)
    {
        var written = contract.Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(contract));

        Assert.Equal([], written.Except(listed.Select(item => item.GetType())).Select(type => $"add {type.Name} to {registry}"));
    }
}
