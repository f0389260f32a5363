using Sommelier.Canonical;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Gateway;
using Sommelier.Routing;

namespace Sommelier.Tests.Configuration;

/// <summary>Profiles as they are written, switched, and laid over policies.</summary>
public sealed class ProfileTests
{
    [Fact]
    public void Prototype_puts_local_and_free_models_first_in_every_policy()
    {
        var policies = Snapshot("", "SOMMELIER_PROFILE=prototype").Policies;

        Assert.Equal(["balanced", "fast", "frugal", "premium"], policies.All.Select(policy => policy.Name));
        Assert.All(policies.All, policy => Assert.Equal(("prototype", true), (policy.Profile, policy.AllowPreview)));
        Assert.All(policies.All, policy => Assert.Equal([CandidateGroup.Local, CandidateGroup.Free], policy.First));
    }

    [Fact]
    public void Optimize_puts_measured_models_first_and_explores_where_the_policy_does_not_say()
    {
        var policies = Snapshot("profile: optimize\npolicies: { own: { explore: 1 }, none: { rules: [{ when: stream, use: own }] } }").Policies;

        Assert.Equal([CandidateGroup.Measured], policies.Default.First);
        Assert.Equal((0.05, 3), (policies.Default.Explore!.Share, policies.Default.Explore.MaxCostRatio));
        Assert.Equal(0.01, policies.Find("own")!.Explore!.Share);
        Assert.Equal((0.01, "optimize"), (policies.Find("none")!.Rules[0].Then.Explore!.Share, policies.Find("none")!.Rules[0].Then.Profile));
    }

    [Fact]
    public void Production_takes_away_previews_short_lives_vouching_and_experiments_down_to_every_branch()
    {
        var policies = Snapshot(
            """
            profile: production
            policies:
              vouching: { uncleared_data: confidential, min_life: 365d, explore: 5 }
              split: { split: { vouching: 50, m: 50 } }
              canary: { canary: { to: vouching, share: 5 } }
            """).Policies;

        var vouching = policies.Find("vouching")!;
        Assert.Equal((false, 365, DataClass.Public, null), (vouching.AllowPreview, vouching.MinLifeDays, vouching.UnclearedData, vouching.Explore));
        Assert.Equal((false, 90), (policies.Default.AllowPreview, policies.Default.MinLifeDays));
        Assert.All(policies.Find("split")!.Split, arm => Assert.Equal((false, null), (arm.Then.AllowPreview, arm.Then.Explore)));
        Assert.Equal((false, "production"), (policies.Find("canary")!.Canary!.Then.AllowPreview, policies.Find("canary")!.Canary!.Then.Profile));
    }

    [Fact]
    public void A_limit_of_a_profile_tightens_and_never_loosens()
    {
        const string Policies = "policies: { p: { max_cost_usd: 0.02, max_latency_ms: 900, min_quality: 0.5, data: internal, regions: [eu, us], only: [a], exclude: [b], freeze: 2026-06-01, allow_preview: false } }\n";
        var loose = Under("max_cost_usd: 1, max_latency_ms: 9000, min_quality: 0.1, data: public, regions: [eu-west-1, asia], only: [a, c], exclude: [d], freeze: 2027-01-01, allow_preview: true");
        var tight = Under("max_cost_usd: 0.01, max_latency_ms: 100, min_quality: 0.9, data: confidential, regions: [cn], freeze: 2025-01-01");

        Assert.Equal((0.02m, 900, 0.5, DataClass.Internal), (loose.MaxCostUsd, loose.MaxLatencyMs, loose.MinQuality, loose.Data));
        Assert.Equal((new DateOnly(2026, 6, 1), false), (loose.FreezeDate, loose.AllowPreview));
        Assert.Equal(["eu-west-1"], loose.Regions);
        Assert.Equal(["a"], loose.Only);
        Assert.Equal(["a", "c"], loose.ProfileOnly);
        Assert.Equal(["b", "d"], loose.Exclude);
        Assert.Equal((0.01m, 100, 0.9, DataClass.Confidential), (tight.MaxCostUsd, tight.MaxLatencyMs, tight.MinQuality, tight.Data));
        Assert.Equal(new DateOnly(2025, 1, 1), tight.FreezeDate);
        Assert.Equal(["none"], tight.Regions);

        static Policy Under(string keys) => Snapshot($"{Policies}profile: ours\nprofiles: {{ ours: {{ {keys} }} }}").Policies.Find("p")!;
    }

    [Fact]
    public void Its_default_and_policies_replace_what_the_file_says_key_by_key()
    {
        const string Text =
            """
            policies:
              default: frugal
              support: { extends: frugal, max_cost_usd: 0.01, order: [m] }
              child: { extends: support }
            profiles:
              base: { policies: { support: { max_cost_usd: 0.02, max_latency_ms: 700 } } }
              ours: { extends: base, default: extra, policies: { support: { max_cost_usd: 0.05 }, extra: { extends: premium } } }
            """;
        var without = Snapshot(Text).Policies;
        var under = Snapshot(Text, "SOMMELIER_PROFILE=ours").Policies;

        Assert.Equal(("frugal", 0.01m, null), (without.Default.Name, without.Find("support")!.MaxCostUsd, without.Find("extra")));
        Assert.Equal(("extra", 0.01), (under.Default.Name, under.Default.Gap));
        foreach (var policy in (Policy[])[under.Find("support")!, under.Find("child")!])
        {
            Assert.Equal((0.05m, 700, 0.15), (policy.MaxCostUsd, policy.MaxLatencyMs, policy.Gap));
            Assert.Equal(["m"], policy.Order);
        }
    }

    [Fact]
    public void A_profile_with_a_built_in_name_changes_the_built_in_one()
    {
        var policy = Snapshot("profile: production\nprofiles: { production: { min_life: 30d, regions: [eu] } }").Policies.Default;

        Assert.Equal((30, false), (policy.MinLifeDays, policy.AllowPreview));
        Assert.Equal(["eu"], policy.Regions);
    }

    [Fact]
    public void The_variable_wins_over_the_key_and_changes_the_version()
    {
        var (byKey, byVariable) = (Given.ValidYaml("profile: production"), Given.ValidYaml("profile: production", "SOMMELIER_PROFILE=optimize"));

        Assert.Equal(("production", "optimize"), (byKey.Profile!.Name, byVariable.Profile!.Name));
        Assert.NotEqual(byKey.Version, byVariable.Version);
        Assert.Null(Given.ValidYaml("").Profile);
        Assert.NotEqual(Snapshot("").DefaultPolicy.Version, Snapshot("", "SOMMELIER_PROFILE=optimize").DefaultPolicy.Version);
    }

    [Fact]
    public void It_is_switched_without_a_file_too()
    {
        var (config, problems) = ConfigFile.Read(null, Given.Environment("SOMMELIER_PROFILE=prototype"));

        Assert.Empty(problems);
        Assert.Equal("prototype", config!.Profile!.Name);
        var wrong = Assert.Single(ConfigFile.Read(null, Given.Environment("SOMMELIER_PROFILE=prototyp")).Problems);
        Assert.Equal("SOMMELIER_PROFILE: there is no profile 'prototyp'. Did you mean 'prototype'?", wrong.ToString());
    }

    [Theory]
    [InlineData("profile: nope", "profile", "there is no profile 'nope'")]
    [InlineData("profiles: { a: { extends: nope } }", "profiles.a.extends", "there is no profile 'nope'")]
    [InlineData("profiles: { a: { extends: b }, b: { extends: a } }", "profiles.a.extends", "'a' is made of itself in a circle")]
    [InlineData("profiles: { A: {} }", "profiles.A", "a profile is named on command lines")]
    [InlineData("profiles: { a: { default: nope } }", "profiles.a.default", "there is no policy 'nope'")]
    [InlineData("profiles: { a: { policies: { p: { extends: nope } } } }", "profiles.a.policies.p.extends", "there is no policy 'nope'")]
    [InlineData("policies: { p: {} }\nprofiles: { a: { policies: { q: { extends: p }, p: { extends: q } } } }", "profiles.a.policies.q.extends", "'q' is made of itself in a circle")]
    [InlineData("profiles: { a: { order: [m] } }", "profiles.a.order", "there is no key 'order' here")]
    [InlineData("profiles: { a: { first: [cheap] } }", "profiles.a.first[0]", "")]
    [InlineData("policies: { default: nope }\nprofiles: { a: {} }", "policies.default", "there is no policy 'nope'")]
    public void Mistakes_are_found_in_force_or_not(string yaml, string path, string what)
    {
        var problem = Given.Yaml(yaml).Problems[0];

        Assert.Equal(path, problem.Path);
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
        Assert.Single(Given.Yaml(yaml).Problems, other => string.Equals(other.Path, path, StringComparison.Ordinal));
    }

    [Fact]
    public void Names_that_nobody_serves_are_told_of_the_profile_in_force()
    {
        var config = Given.ValidYaml("profile: a\nproviders: { groq: { api_key: x } }\nprofiles: { a: { only: [groq/nothing], policies: { p: { order: [groq/neither] } } }, b: { only: [groq/unseen] } }");

        var warnings = GatewaySnapshotBuilder.Build(config, Given.Environment(), []).Warnings;

        Assert.Equal(["profiles.a.only[0]", "policies.p.order[0]"], warnings.Select(warning => warning.Path).Order(StringComparer.Ordinal).Reverse());
        Assert.All(warnings, warning => Assert.NotEqual(0, warning.Position.Line));
    }

    [Fact]
    public void A_policy_that_is_left_without_a_region_is_warned_of()
    {
        var config = Given.ValidYaml("profile: a\npolicies: { p: { regions: [us] }, q: { regions: [eu-west-1] } }\nprofiles: { a: { regions: [eu] } }");

        var warning = Assert.Single(GatewaySnapshotBuilder.Build(config, Given.Environment(), []).Warnings);

        Assert.Equal("profiles.a.regions", warning.Path);
        Assert.Contains("no region in common with the policy 'p'", warning.What, StringComparison.Ordinal);
        Assert.NotEqual(0, warning.Position.Line);
    }

    private static GatewaySnapshot Snapshot(string yaml, params string[] variables) =>
        GatewaySnapshotBuilder.Build(Given.ValidYaml(yaml, variables), Given.Environment(), []).Snapshot;
}
