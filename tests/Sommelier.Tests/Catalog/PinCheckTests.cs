using Sommelier.Catalog;

namespace Sommelier.Tests.Catalog;

public sealed class PinCheckTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly CatalogSnapshot Catalog = BundledCatalog.Load();

    private static PinFinding One(string name) => Assert.Single(PinCheck.Check(Catalog, [new(name, "here")], Today));

    [Theory]
    [InlineData("anthropic/claude-sonnet-4-5", PinState.EndsWithin30Days, 7, "anthropic/claude-sonnet-5-5")]
    [InlineData("openai/gpt-5", PinState.EndsWithin30Days, 18, "openai/gpt-5.6-sol")]
    [InlineData("gpt-5-nano", PinState.EndsWithin30Days, 18, "gpt-5.6-luna")]
    [InlineData("openai/gpt-4o", PinState.EndsWithin90Days, 52, "openai/gpt-6.1-sol")]
    [InlineData("openai/gpt-5.1", PinState.Deprecated, 129, "openai/gpt-6.1-sol")]
    [InlineData("openai/gpt-4-turbo", PinState.Retired, -31, "openai/gpt-5.6-sol")]
    [InlineData("deepseek-chat", PinState.Retired, -122, "deepseek/deepseek-flash")]
    [InlineData("openai/o1-mini", PinState.Retired, -392, "openai/gpt-5.6-terra")]
    [InlineData("claude-3-5-sonnet-latest", PinState.Retired, -391, "anthropic/claude-sonnet-4-6")]
    public void Says_when_it_ends_and_what_to_write_instead(string name, PinState state, int days, string successor)
    {
        var finding = One(name);
        Assert.Equal(state, finding.State);
        Assert.Equal(days, finding.DaysLeft);
        Assert.Equal(successor, finding.Successors[0]);
    }

    [Fact]
    public void A_model_with_no_end_is_fine()
    {
        Assert.Equal(PinState.Fine, One("claude-opus-5-5").State);
        Assert.Empty(One("claude-opus-5-5").Successors);
    }

    [Fact]
    public void A_name_that_nobody_knows_is_unknown_and_not_fine() => Assert.Equal(PinState.Unknown, One("lab/own-model").State);

    [Fact]
    public void A_policy_is_no_pin() => Assert.Empty(PinCheck.Check(Catalog, [new("auto", ""), new("auto/frugal", "")], Today));

    [Fact]
    public void The_most_urgent_stands_first_and_keeps_its_place_of_finding()
    {
        var findings = PinCheck.Check(Catalog, [new("claude-opus-5-5", "a"), new("openai/gpt-4o", "b"), new("gpt-4", "c"), new("openai/gpt-5", "d")], Today);
        Assert.Equal(["c", "d", "b", "a"], findings.Select(f => f.Where));
    }

    [Fact]
    public void Successors_in_a_ring_end()
    {
        Deployment Old(string name, string next) => new()
        {
            Id = "p/" + name, Provider = "p", Model = name, CanonicalModel = name,
            Lifecycle = new() { RetiresOn = Today, Successors = [next] },
        };
        var ring = CatalogSnapshot.Create([Old("a", "b"), Old("b", "a")]);
        Assert.Empty(Assert.Single(PinCheck.Check(ring, [new("p/a", "")], Today)).Successors);
    }
}
