using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

public sealed class PolicySetTests
{
    private static readonly CatalogSnapshot Catalog = CatalogSnapshot.Create([], new Dictionary<string, string>(StringComparer.Ordinal) { ["house"] = "auto/support" });
    private static readonly PolicySet Set = new([new() { Name = "support" }, Policies.Frugal with { Name = "frugal", Gap = 0.2 }], "support");

    [Theory]
    [InlineData("auto", null, "support")]
    [InlineData("auto/premium", null, "premium")]
    [InlineData("auto/premium", "fast", "fast")]
    [InlineData("house", null, "support")]
    [InlineData("openai/gpt-6-luna", null, "support")]
    public void Hint_before_name_before_default(string model, string? hint, string expected)
    {
        Assert.True(Set.TryChoose(model, new() { Policy = hint }, Catalog, out var policy, out var error));
        Assert.Equal(expected, policy.Name);
        Assert.Null(error);
    }

    [Fact]
    public void An_own_policy_replaces_the_built_in_of_its_name() => Assert.Equal(0.2, Set.Find("frugal")!.Gap);

    [Theory]
    [InlineData("auto/nope", null, GatewayErrorKind.ModelNotFound, "model", "auto/balanced")]
    [InlineData("auto", "nope", GatewayErrorKind.InvalidRequest, "sommelier.policy", "balanced")]
    public void An_unknown_policy_is_an_error_that_lists_the_known(string model, string? hint, GatewayErrorKind kind, string field, string listed)
    {
        Assert.False(Set.TryChoose(model, new() { Policy = hint }, Catalog, out _, out var error));
        Assert.Equal((kind, field), (error!.Kind, error.Field));
        Assert.Contains(listed, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_default_that_does_not_exist_is_refused() => Assert.Throws<ArgumentException>(() => new PolicySet([], "nope"));

    [Fact]
    public void The_version_is_of_the_content_alone()
    {
        Assert.Equal(Policies.Balanced.Version, (Policies.Balanced with { }).Version);
        Assert.NotEqual(Policies.Balanced.Version, (Policies.Balanced with { MaxCostUsd = 1 }).Version);
    }
}
