using PublicApiGenerator;
using Sommelier.TestKit;

namespace Sommelier.Tests.Architecture;

/// <summary>The public surface is one approved file: a change of it is seen in review.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Public_surface_is_the_approved_one()
    {
        var actual = typeof(Canonical.ChatRequest).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";

        Approved.Equal(actual, "tests", "Sommelier.Tests", "Approved", "PublicApi.txt");
    }
}
