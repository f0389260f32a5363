using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Routing.Cascading;

namespace Sommelier.Tests.Configuration;

/// <summary>Cascades as they are written in the configuration.</summary>
public sealed class CascadeConfigTests
{
    [Fact]
    public void Every_key_is_read()
    {
        var cascade = Built(
            """
            policies:
              p:
                cascade:
                  first: [a/mini, b/mini]
                  checks: { schema: false, regex: '^\d+$', agree: { samples: 5, min: 4 }, judge: { model: a/judge, min: 0.8, criterion: It is a number. } }
                  streams: true
                  tools: true
                  max_extra_usd: 0.02
                  max_extra_ms: 4000
            """)!;

        Assert.Equal(["a/mini", "b/mini"], cascade.First);
        Assert.Equal((false, @"^\d+$", 5, 4), (cascade.Schema, cascade.Regex, cascade.Samples, cascade.Agreeing));
        Assert.Equal(("a/judge", 0.8, "It is a number."), (cascade.Judge, cascade.JudgeMin, cascade.Criterion));
        Assert.Equal((true, true, 0.02m, 4_000), (cascade.Streams, cascade.Tools, cascade.MaxExtraUsd, cascade.MaxExtraMs));
    }

    [Fact]
    public void What_is_not_written_is_usual_and_inherited_parts_stay()
    {
        var usual = Built("policies: { p: { cascade: { first: [a/mini], checks: { agree: {}, judge: a/judge } } } }")!;
        Assert.Equal((true, null, 3, 2, "a/judge", 0.7, false, 0.01m, 5_000), (usual.Schema, usual.Regex, usual.Samples, usual.Agreeing, usual.Judge, usual.JudgeMin, usual.Streams, usual.MaxExtraUsd, usual.MaxExtraMs));

        var child = Built("policies: { parent: { cascade: { first: [a/mini], checks: { regex: x }, tools: true, max_extra_usd: 0.5 } }, p: { extends: parent, cascade: { first: [b/mini], max_extra_ms: 100 } } }")!;
        Assert.Equal(("b/mini", "x", true, 0.5m, 100), (child.First[0], child.Regex, child.Tools, child.MaxExtraUsd, child.MaxExtraMs));

        Assert.Null(Built("policies: { parent: { cascade: { first: [a/mini], checks: { regex: x } } }, p: { extends: parent, cascade: false } }"));
        Assert.Null(Built("policies: { p: { gap: 3 } }"));
    }

    [Fact]
    public void Who_is_asked_for_an_intent_is_read_and_inherited()
    {
        var (config, problems) = ConfigReader.Read(
            """
            policies:
              parent: { classify: { on_abstain: { model: a/mini, timeout_ms: 250, cache: 5m } } }
              p: { extends: parent, classify: { on_abstain: { model: b/mini } }, rules: [{ when: stream, classify: { on_abstain: false } }] }
            """,
            "sommelier.yaml",
            _ => null);
        Assert.True(config is not null, string.Join('\n', problems));
        var policy = PolicyBuilder.Build(config.Policies, TimeZoneInfo.Utc).Single(one => one.Name is "p");

        Assert.Equal(new() { Model = "b/mini", Timeout = TimeSpan.FromMilliseconds(250), KeepFor = TimeSpan.FromMinutes(5) }, policy.Classify);
        Assert.Null(policy.Rules[0].Then.Classify);
    }

    [Fact]
    public void Who_makes_vectors_of_turns_is_read_and_inherited()
    {
        var (config, problems) = ConfigReader.Read(
            """
            policies:
              parent: { cache: { ttl: 5m, similar: { model: a/vectors, at_least: 0.9, timeout_ms: 250 } } }
              p: { extends: parent, cache: { similar: { model: b/vectors } }, rules: [{ when: stream, cache: { similar: false } }] }
            """,
            "sommelier.yaml",
            _ => null);
        Assert.True(config is not null, string.Join('\n', problems));
        var policy = PolicyBuilder.Build(config.Policies, TimeZoneInfo.Utc).Single(one => one.Name is "p");

        Assert.Equal(new(true, TimeSpan.FromMinutes(5), new() { Model = "b/vectors", AtLeast = 0.9, Timeout = TimeSpan.FromMilliseconds(250) }), policy.Cache);
        Assert.Null(policy.Rules[0].Then.Cache.Similar);
    }

    [Fact]
    public void A_model_of_a_split_is_asked_by_itself()
    {
        var (config, _) = ConfigReader.Read("policies: { p: { cascade: { first: [a/mini], checks: { regex: x } }, split: { frugal: 50, a/big: 50 } } }", "sommelier.yaml", _ => null);
        var policy = PolicyBuilder.Build(config!.Policies, TimeZoneInfo.Utc).Single();

        Assert.Null(policy.Split.Single(arm => arm.Name is "a/big").Then.Cascade);
    }

    [Theory]
    [InlineData("cascade: true", "nobody is named to answer first")]
    [InlineData("cascade: { checks: { regex: x } }", "nobody is named to answer first")]
    [InlineData("cascade: { first: [frugal], checks: { regex: x } }", "'frugal' is a policy")]
    [InlineData("cascade: { first: [a/m], checks: { schema: false } }", "nothing is checked")]
    [InlineData("cascade: { first: [a/m], checks: { regex: '(?=x)' } }", "look-around")]
    [InlineData("cascade: { first: [a/m], checks: { regex: '(' } }", "checks.regex")]
    [InlineData("cascade: { first: [a/m], checks: { agree: { samples: 3, min: 4 } } }", "more answers must agree")]
    [InlineData("cascade: { first: [a/m], checks: { judge: { min: 0.5 } } }", "model")]
    [InlineData("classify: { on_abstain: true }", "nobody is named to be asked")]
    [InlineData("classify: { on_abstain: { model: premium } }", "'premium' is a policy")]
    [InlineData("cache: { similar: true }", "similar: nobody is named to be asked. Add model: with one that makes vectors")]
    [InlineData("cache: { similar: { model: premium } }", "'premium' is a policy")]
    [InlineData("cache: { similar: { model: a/v, at_least: 0.2 } }", "at_least")]
    [InlineData("rules: [{ when: stream, cascade: { first: [auto/fast], checks: { regex: x } } }]", "'auto/fast' is a policy")]
    public void What_cannot_be_is_refused_with_its_place(string policy, string problem)
    {
        var (config, problems) = ConfigReader.Read($"policies: {{ p: {{ {policy} }} }}", "sommelier.yaml", _ => null);

        Assert.Null(config);
        Assert.Contains(problem, string.Join('\n', problems), StringComparison.Ordinal);
    }

    private static CascadeSettings? Built(string yaml)
    {
        var (config, problems) = ConfigReader.Read(yaml, "sommelier.yaml", _ => null);
        Assert.True(config is not null, string.Join('\n', problems));
        var policy = PolicyBuilder.Build(config.Policies, TimeZoneInfo.Utc).Single(one => one.Name is "p");
        return policy.Cascade;
    }
}
