using Sommelier.Configuration.Building;
using Sommelier.Routing;

namespace Sommelier.Tests.Configuration;

/// <summary>Rules, splits and exploration as they are written in the configuration.</summary>
public sealed class PolicyBranchesTests
{
    [Fact]
    public void A_rule_lays_its_keys_over_the_policy_or_uses_another()
    {
        var policy = Built(
            """
            policies:
              time_zone: Asia/Seoul
              support:
                extends: frugal
                max_cost_usd: 0.02
                rules:
                  - { when: "intent == coding", name: code, order: [a/big], max_cost_usd: 0.5 }
                  - { when: "tags has vip", use: premium }
            """).Single();

        Assert.Equal("Asia/Seoul", policy.TimeZone.Id);
        Assert.Equal(["code", "rule 2"], policy.Rules.Select(rule => rule.Name));
        Assert.Equal(("support", 0.15, 0.5m), (policy.Rules[0].Then.Name, policy.Rules[0].Then.Gap, policy.Rules[0].Then.MaxCostUsd));
        Assert.Equal(["a/big"], policy.Rules[0].Then.Order);
        Assert.Equal(("support", 0.01, null), (policy.Rules[1].Then.Name, policy.Rules[1].Then.Gap, policy.Rules[1].Then.MaxCostUsd));
    }

    [Fact]
    public void Inherited_rules_are_laid_over_the_policy_that_inherits_them()
    {
        var child = Built(
            """
            policies:
              parent: { rules: [{ when: stream, order: [a/big] }], split: { frugal: 50, m: 50 } }
              child: { extends: parent, max_cost_usd: 0.01 }
            """).Single(policy => policy.Name is "child");

        Assert.Equal(("child", 0.01m), (child.Rules[0].Then.Name, child.Rules[0].Then.MaxCostUsd));
        Assert.Equal(["child", "child"], child.Split.Select(arm => arm.Then.Name));
        Assert.Equal((0.01m, "m"), (child.Split[1].Then.MaxCostUsd, child.Split[1].Then.Order[0]));
    }

    [Fact]
    public void Policies_may_be_written_in_any_order()
    {
        var outer = Built(
            """
            policies:
              outer: { rules: [{ when: stream, use: inner }], split: { inner: 30, frugal: 70 } }
              inner: { rules: [{ when: abstained, use: fast }] }
            """).Single(policy => policy.Name is "outer");

        Assert.Equal("fastest", outer.Rules[0].Then.Rules[0].Then.Strategy);
        Assert.Equal("outer", outer.Split[0].Then.Rules[0].Then.Name);
    }

    [Fact]
    public void The_version_changes_with_every_part()
    {
        string[] texts =
        [
            "policies: { a: { rules: [{ when: stream, use: fast }] } }",
            "policies: { a: { rules: [{ when: not stream, use: fast }] } }",
            "policies: { a: { rules: [{ when: stream, use: premium }] } }",
            "policies: { a: { split: { fast: 40, premium: 60 } } }",
            "policies: { a: { split: { fast: 60, premium: 40 } } }",
            "policies: { a: { explore: 5 } }",
            "policies: { a: { explore: { share: 5, max_cost_ratio: 2 } } }",
            "policies: { a: {} }",
        ];

        Assert.Equal(texts.Length, texts.Select(text => Built(text).Single().Version).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Exploration_is_a_share_alone_or_a_group()
    {
        Assert.Equal((0.05, 3), (Built("policies: { a: { explore: 5 } }").Single().Explore!.Share, Built("policies: { a: { explore: 5 } }").Single().Explore!.MaxCostRatio));
        Assert.Null(Built("policies: { a: { explore: 5 }, b: { extends: a, explore: 0 } }").Single(policy => policy.Name is "b").Explore);
    }

    [Theory]
    [InlineData("rules: [{ when: 'inten == coding', use: fast }]", "rules[0].when: at letter 1, there is no field 'inten'. Did you mean intent?")]
    [InlineData("rules: [{ use: fast }]", "rules[0].when")]
    [InlineData("rules: [{ when: stream }]", "rules[0]: the rule changes nothing")]
    [InlineData("rules: [{ when: stream, use: fst }]", "Did you mean 'fast'?")]
    [InlineData("rules: [{ when: stream, use: fast, gap: 3 }]", "rules[0].gap: 'gap' would change nothing beside use")]
    [InlineData("rules: [{ when: stream, use: p }]", "'p' is made of itself in a circle")]
    [InlineData("split: { p: 50, fast: 50 }", "'p' is made of itself in a circle")]
    [InlineData("split: { fast: 50, premium: 49 }", "the percentages sum to 99")]
    [InlineData("split: { auto/fast: 50, premium: 50 }", "Write fast")]
    [InlineData("rules: [{ when: 'true', use: fast }, { when: stream, use: premium }]", "rules[1]: warning: this rule is never reached")]
    [InlineData("explore: 60", "explore")]
    public void A_mistake_is_told_with_its_place(string keys, string words)
    {
        var (_, problems) = Given.Yaml($"policies: {{ p: {{ {keys} }} }}");

        Assert.Contains(words, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_zone_must_exist() =>
        Assert.Contains("there is no time zone 'Mars/Olympus'", Assert.Single(Given.Yaml("policies: { time_zone: Mars/Olympus }").Problems).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_model_in_a_rule_or_a_split_that_nobody_serves_is_warned_of()
    {
        var config = Given.ValidYaml(
            """
            providers: { lab: { type: openai-compatible, base_url: "http://127.0.0.1:1/v1", models: [{ id: real }] } }
            policies: { p: { rules: [{ when: stream, order: [lab/unreal] }], split: { lab/real: 50, lab/rael: 50 } } }
            """);

        var warnings = GatewaySnapshotBuilder.Build(config, Given.Environment(), []).Warnings.Select(warning => warning.ToString());

        Assert.Contains(warnings, warning => warning.Contains("policies.p.rules[0].order", StringComparison.Ordinal) && warning.Contains("'lab/unreal'", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("policies.p.split.lab/rael", StringComparison.Ordinal) && warning.Contains("'lab/real'", StringComparison.Ordinal));
    }

    private static IReadOnlyList<Policy> Built(string yaml)
    {
        var config = Given.ValidYaml(yaml);
        return PolicyBuilder.Build(config.Policies, config.TimeZone);
    }
}
