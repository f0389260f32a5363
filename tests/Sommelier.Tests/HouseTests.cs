namespace Sommelier.Tests;

public sealed class HouseTests
{
    [Fact]
    public void Engine_has_no_web_framework() =>
        Assert.DoesNotContain(typeof(Canonical.Intent).Assembly.GetReferencedAssemblies(), name => name.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
}
