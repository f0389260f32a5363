namespace Sommelier.Server.Tests;

public sealed class HelpTests
{
    [Fact]
    public void Placeholder_until_the_edge_is_built() => Assert.NotNull(typeof(HelpTests).Assembly);
}
