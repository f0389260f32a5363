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
            "policies: { a: { canary: { to: fast, share: 5 } } }",
            "policies: { a: { canary: { to: fast, share: 6 } } }",
            "policies: { a: { canary: { to: fast, share: 5, max_cost_ratio: 3 } } }",
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

    [Fact]
    public void A_canary_is_the_policy_with_another_model_or_another_policy_under_its_name()
    {
        var policies = Built(
            """
            policies:
              a: { max_cost_usd: 0.02, canary: { to: lab/new, share: 5 }, rules: [{ when: stream, canary: { to: premium, share: 10, min_requests: 20, max_error_increase: 2 } }] }
              b: { extends: a, max_cost_usd: 0.01 }
              c: { extends: a, split: { fast: 50, premium: 50 } }
              d: { extends: c, canary: { to: fast, share: 1 } }
              e: { extends: a, canary: { to: fast, share: 0 } }
            """).ToDictionary(policy => policy.Name, StringComparer.Ordinal);

        var canary = policies["a"].Canary!;
        Assert.Equal(("lab/new", 0.05, 50, 0.05, 1.5, 2.0), (canary.To, canary.Share, canary.MinRequests, canary.MaxErrorIncrease, canary.MaxLatencyRatio, canary.MaxCostRatio));
        Assert.Equal(("a", 0.02m, "lab/new", true), (canary.Then.Name, canary.Then.MaxCostUsd, canary.Then.Order[0], canary.Then.IsPlain));
        var ruled = policies["a"].Rules[0].Then;
        Assert.Equal(("a", "a", 0.01, 20, 0.02), (ruled.Name, ruled.Canary!.Then.Name, ruled.Canary.Then.Gap, ruled.Canary.MinRequests, ruled.Canary.MaxErrorIncrease));

        // Inherited, it is laid over the policy that inherits it; a split takes its place, and it that of a split.
        Assert.Equal(("b", 0.01m), (policies["b"].Canary!.Then.Name, policies["b"].Canary!.Then.MaxCostUsd));
        Assert.NotEqual(canary.Version, policies["b"].Canary!.Version);
        Assert.Equal((null, 2), (policies["c"].Canary, policies["c"].Split.Count));
        Assert.Equal(("fast", 0), (policies["d"].Canary!.To, policies["d"].Split.Count));
        Assert.Null(policies["e"].Canary);
    }

    [Fact]
    public void A_shadow_is_inherited_changed_and_switched_off()
    {
        var policies = Built(
            """
            policies:
              a: { shadow: { to: m, share: 5 } }
              b: { extends: a, rules: [{ when: stream, shadow: { to: n, share: 100, max_usd_per_day: 2.5 } }] }
              c: { extends: a, shadow: { to: m, share: 0 } }
            """).ToDictionary(policy => policy.Name, StringComparer.Ordinal);

        Assert.Equal(new ShadowSettings { To = "m", Share = 0.05, MaxUsdPerDay = 1 }, policies["a"].Shadow);
        Assert.Equal(policies["a"].Shadow, policies["b"].Shadow);
        Assert.Equal(new ShadowSettings { To = "n", Share = 1, MaxUsdPerDay = 2.5m }, policies["b"].Rules[0].Then.Shadow);
        Assert.Null(policies["c"].Shadow);
        Assert.NotEqual(policies["a"].Version, policies["c"].Version);
    }

    [Fact]
    public void Escalation_is_written_short_changed_and_switched_off()
    {
        var config = Given.ValidYaml(
            """
            policies:
              a: { escalate: true }
              b: { extends: a, escalate: { on_repeat: false, on_stall: 5 } }
              c: { extends: b, escalate: { on_stall: 0, on_repeat: true } }
              d: { extends: a, escalate: false }
              e: { rules: [{ when: stream, use: b }] }
            """);
        var policies = PolicyBuilder.Build(config.Policies, config.TimeZone).ToDictionary(policy => policy.Name, StringComparer.Ordinal);

        Assert.Equal(new EscalateSettings { OnRepeat = true, OnStall = 3 }, policies["a"].Escalate);
        Assert.Equal(new EscalateSettings { OnRepeat = false, OnStall = 5 }, policies["b"].Escalate);
        Assert.Equal(new EscalateSettings { OnRepeat = true, OnStall = null }, policies["c"].Escalate);
        Assert.Null(policies["d"].Escalate);
        Assert.Equal((false, false), Asks("d"));
        Assert.Equal((true, false), Asks("c"));
        Assert.Equal((false, true), Asks("e"));

        (bool Repeats, bool Stalls) Asks(string name) => new PolicySet([policies[name]]) is var set ? (set.AsksForRepeats, set.AsksForStalls) : default;
    }

    [Theory]
    [InlineData("escalate: { on_stall: -1 }", "escalate.on_stall")]
    [InlineData("escalate: { on_repeats: true }", "Did you mean 'on_repeat'?")]
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
    [InlineData("canary: { to: fast, share: 51 }", "canary.share")]
    [InlineData("canary: { to: fast }", "canary.share")]
    [InlineData("canary: { share: 5 }", "canary.to")]
    [InlineData("canary: { to: fast, share: 5, min_requests: 1 }", "canary.min_requests")]
    [InlineData("canary: { to: p, share: 5 }", "'p' is made of itself in a circle")]
    [InlineData("canary: { to: auto/fast, share: 5 }", "Write fast")]
    [InlineData("canary: { to: fast, share: 5 }, split: { fast: 50, premium: 50 }", "canary: a canary beside a split")]
    [InlineData("shadow: { to: fast, share: 5 }", "shadow.to: 'fast' is a policy, and a shadow is one model")]
    [InlineData("shadow: { to: auto/p, share: 5 }", "shadow.to: 'auto/p' is a policy")]
    [InlineData("rules: [{ when: stream, shadow: { to: p, share: 5 } }]", "rules[0].shadow.to: 'p' is a policy")]
    [InlineData("shadow: { to: m }", "shadow.share")]
    [InlineData("shadow: { share: 5 }", "shadow.to")]
    [InlineData("shadow: { to: m, share: 101 }", "shadow.share")]
    [InlineData("rules: [{ when: stream, canary: { to: fast, share: 5 }, split: { fast: 50, premium: 50 } }]", "rules[0].canary: a canary beside a split")]
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
            policies: { p: { rules: [{ when: stream, order: [lab/unreal] }], split: { lab/real: 50, lab/rael: 50 } }, q: { canary: { to: lab/reel, share: 5 }, shadow: { to: lab/raal, share: 5 } } }
            """);

        var warnings = GatewaySnapshotBuilder.Build(config, Given.Environment(), []).Warnings.Select(warning => warning.ToString());

        Assert.Contains(warnings, warning => warning.Contains("policies.p.rules[0].order", StringComparison.Ordinal) && warning.Contains("'lab/unreal'", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("policies.q.canary.to", StringComparison.Ordinal) && warning.Contains("'lab/real'", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("policies.q.shadow.to", StringComparison.Ordinal) && warning.Contains("'lab/raal'", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("policies.p.split.lab/rael", StringComparison.Ordinal) && warning.Contains("'lab/real'", StringComparison.Ordinal));
    }

    private static IReadOnlyList<Policy> Built(string yaml)
    {
        var config = Given.ValidYaml(yaml);
        return PolicyBuilder.Build(config.Policies, config.TimeZone);
    }
}
