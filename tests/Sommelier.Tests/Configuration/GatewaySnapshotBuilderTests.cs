using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Gateway;

namespace Sommelier.Tests.Configuration;

public sealed class GatewaySnapshotBuilderTests
{
    [Fact]
    public void Without_providers_the_usual_key_variables_decide()
    {
        var snapshot = Build("", ["ANTHROPIC_API_KEY=a", "GROQ_API_KEY=g", "OPENAI_API_KEY="]);

        Assert.Equal(["anthropic", "groq"], snapshot.Providers.Keys.Order());
        Assert.Equal("a", snapshot.Providers["anthropic"].ApiKey);
        Assert.NotEmpty(snapshot.Catalog.OfProvider("anthropic"));
        Assert.NotEmpty(snapshot.Catalog.OfProvider("groq"));
        Assert.Empty(snapshot.Catalog.OfProvider("openai"));
    }

    [Fact]
    public void What_may_be_fetched_is_taken_from_the_configuration()
    {
        var media = Build("media: { fetch: false, max_bytes: 2MB, max_bytes_in_flight: 50MB, timeout: 3s, allow: [files.example, '::1', '10.0.0.7'] }", []).Media;

        Assert.False(media.Fetch);
        Assert.Equal((2_000_000, 50_000_000, TimeSpan.FromSeconds(3)), (media.MaxBytes, media.MaxBytesInFlight, media.Timeout));
        Assert.True(media.Allows("FILES.example") && media.Allows("::1") && media.Allows("10.0.0.7"));
        Assert.False(media.Allows("example") || media.Allows("a.files.example") || media.Allows("10.0.0.70"));
        Assert.True(Build("", []).Media is { Fetch: true, MaxBytes: 10_000_000, Timeout.TotalSeconds: 10, Allow.Count: 0 });
    }

    [Fact]
    public void Without_keys_there_is_nothing() => Assert.Empty(Build("", []).Providers);

    [Fact]
    public void Providers_of_the_configuration_shut_out_those_of_the_environment()
    {
        var snapshot = Build("providers: { anthropic: {} }", ["ANTHROPIC_API_KEY=a", "GROQ_API_KEY=g"]);

        Assert.Equal(["anthropic"], snapshot.Providers.Keys);
    }

    [Fact]
    public void A_disabled_provider_is_not_there() =>
        Assert.Empty(Build("providers: { anthropic: { enabled: false } }", []).Providers);

    [Theory]
    [InlineData("openai", "http://127.0.0.1:5000/v1", "http://127.0.0.1:5000/v1/")]
    [InlineData("openai", "http://127.0.0.1:5000/v1/", "http://127.0.0.1:5000/v1/")]
    [InlineData("anthropic", "http://127.0.0.1:5000", "http://127.0.0.1:5000/")]
    [InlineData("anthropic", "http://127.0.0.1:5000/v1", "http://127.0.0.1:5000/")]
    public void An_address_of_ones_own_keeps_the_catalog(string provider, string written, string used)
    {
        var snapshot = Build($"providers: {{ {provider}: {{ base_url: '{written}' }} }}", []);

        Assert.Equal(used, snapshot.Providers[provider].BaseAddress.AbsoluteUri);
        Assert.Null(snapshot.Providers[provider].ApiKey);
        Assert.NotEmpty(snapshot.Catalog.OfProvider(provider));
    }

    [Fact]
    public void A_key_of_the_environment_does_not_go_to_a_stranger()
    {
        var snapshot = Build("providers: { lab: { type: openai, base_url: 'http://10.0.0.5/v1' }, openai: { base_url: 'http://proxy/v1' } }", ["OPENAI_API_KEY=secret"]);

        Assert.Null(snapshot.Providers["lab"].ApiKey);
        Assert.Equal("secret", snapshot.Providers["openai"].ApiKey);
    }

    [Fact]
    public void A_provider_under_another_name_has_ids_of_that_name()
    {
        var snapshot = Build("providers: { claude-eu: { type: anthropic, api_key: k, region: eu, data: internal } }", []);

        Assert.All(snapshot.Catalog.Deployments, d => Assert.Equal(("claude-eu", $"claude-eu/{d.Model}", "eu", DataClass.Internal), (d.Provider, d.Id, d.Region, d.MaxDataClass!.Value)));
    }

    [Fact]
    public void Only_and_exclude_choose_among_the_models()
    {
        var all = Build("providers: { anthropic: { api_key: k } }", []).Catalog.Deployments.Select(d => d.Model).ToArray();
        var some = Build("providers: { anthropic: { api_key: k, only: ['claude-opus-*'] } }", []).Catalog.Deployments.Select(d => d.Model).ToArray();
        var others = Build("providers: { anthropic: { api_key: k, exclude: ['anthropic/claude-opus-*'] } }", []).Catalog.Deployments.Select(d => d.Model).ToArray();

        Assert.NotEmpty(some);
        Assert.All(some, model => Assert.StartsWith("claude-opus-", model, StringComparison.Ordinal));
        Assert.Equal(all.Except(some), others);
    }

    [Fact]
    public void What_calls_cost_beside_the_usual_price_of_their_tokens_can_be_said()
    {
        var price = Build(
            "providers: { lab: { type: openai-compatible, base_url: 'http://10.0.0.5:8000/v1', models: [{ id: m, price: { input: 1, output: 2, service_tiers: { Priority: { input: 3, output: 5 } }, inference_geo: { us: 1.1 }, web_search: 10 } }] } }",
            []).Catalog.Find("lab/m")!.Price!;

        Assert.Equal((3m, 5m), (price.Served("priority")!.InputUsdPerMillion, price.Served("priority")!.OutputUsdPerMillion));
        Assert.Equal((1.1m, 10m), (price.GeoFactors["us"], price.WebSearchUsdPerThousand));
    }

    [Fact]
    public void A_model_of_the_configuration_lies_over_the_catalogs()
    {
        var model = Build("", ["ANTHROPIC_API_KEY=k"]).Catalog.Deployments.First(d => d.Price is not null);

        var over = Build($"providers: {{ anthropic: {{ api_key: k, models: [{{ id: {model.Model}, context: 1234, price: {{ input: 1.5, output: 2, cache_read: 0.1 }} }}] }} }}", []).Catalog.Find(model.Id)!;

        Assert.Equal((1234, 1.5m, 2m, 0.1m, "configuration"), (over.ContextWindow!.Value, over.Price!.InputUsdPerMillion, over.Price.OutputUsdPerMillion, over.Price.CacheRead!.Value, over.Price.Source));
        Assert.Equal((model.Capabilities, model.CanonicalModel, model.MaxOutputTokens), (over.Capabilities, over.CanonicalModel, over.MaxOutputTokens));
    }

    [Fact]
    public void A_server_by_configuration_alone_is_priced_and_placed_as_written()
    {
        var snapshot = Build("providers: { lab: { type: openai-compatible, base_url: 'http://10.0.0.5:8000/v1', headers: { x-team: blue }, key_parameter: token, connect_timeout: 3s, done_mark: false, models: [{ id: my/own-model, price: { input: 0, output: 0 }, region: on-prem }, other] } }", []);

        var own = snapshot.Catalog.Find("lab/my/own-model")!;
        Assert.Equal(("my/own-model", true, "on-prem"), (own.Model, own.Price!.IsFree, own.Region));
        Assert.True(own.Can(Capabilities.Tools | Capabilities.Streaming));
        Assert.Null(snapshot.Catalog.Find("lab/other")!.Price);
        Assert.Equal([new("x-team", "blue")], snapshot.Providers["lab"].Headers);
        Assert.Equal(TimeSpan.FromSeconds(3), snapshot.Providers["lab"].ConnectTimeout);
        Assert.Equal("token", snapshot.Providers["lab"].KeyParameter);
        Assert.False(snapshot.Providers["lab"].DoneMark);
    }

    [Fact]
    public void A_known_model_on_ones_own_server_shares_its_evidence()
    {
        var known = BundledCatalog.Load().Deployments.First(d => d.Provider == "together" && BundledCatalog.Quality.Models.Contains(d.CanonicalModel));

        var own = Build($"providers: {{ lab: {{ type: openai-compatible, base_url: 'http://x/v1', models: ['{known.Model}'] }} }}", []).Catalog;

        Assert.Equal(known.CanonicalModel, own.Deployments[0].CanonicalModel);
        Assert.Equal(BundledCatalog.Quality.Get(known, Intent.Coding), own.QualityOf(0, Intent.Coding));
    }

    [Theory]
    [InlineData("gpt-oss:120b", "gpt-oss-120b")]
    [InlineData("openai/gpt-oss-120b-GGUF", "gpt-oss-120b")]
    [InlineData("gpt-oss:120b-q4_K_M", "gpt-oss-120b")]
    [InlineData("my-own-model:7b", "my-own-model:7b")]
    public void A_local_spelling_is_recognised(string local, string canonical)
    {
        var server = new LocalServer("ollama", Sommelier.Providers.ProviderRegistry.Find("ollama")!, new("http://127.0.0.1:11434/v1/"), [new(local)]);

        var deployment = Assert.Single(GatewaySnapshotBuilder.Build(SommelierConfig.Default, Given.Environment(), [server]).Snapshot.Catalog.Deployments);

        Assert.Equal((local, canonical), (deployment.Model, deployment.CanonicalModel));
    }

    [Fact]
    public void Quality_of_the_configuration_replaces_the_evidence_where_it_speaks()
    {
        var catalog = Build("providers: { lab: { type: openai-compatible, base_url: 'http://x/v1', models: [{ id: m, quality: { default: 0.5, code: 0.7, coding: 0.9 } }, { id: n, quality: { coding: 0.4 } }] } }", []).Catalog;

        Assert.Equal([0.9, 0.7, 0.5], new[] { Intent.Coding, Intent.DataAnalysis, Intent.Math }.Select(i => catalog.QualityOf(0, i).Mean));
        Assert.Equal("configuration", catalog.QualityOf(0, Intent.Math).Evidence);
        Assert.InRange(catalog.QualityOf(0, Intent.Coding).Low, 0.85, 0.9);
        Assert.Equal(0.4, catalog.QualityOf(1, Intent.Coding).Mean);
        Assert.Equal(QualityTable.Nothing, catalog.QualityOf(1, Intent.Math));
        Assert.StartsWith(BundledCatalog.Quality.Version + "+", catalog.QualityTable.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_starts_from_the_one_that_it_extends()
    {
        var snapshot = Build(
            """
            policies:
              default: child
              child: { extends: parent, max_cost_usd: 0.5, prefer: { transform: [a], translation: [b] } }
              parent: { extends: premium, regions: [eu], sticky: { saving: 0.5 } }
              frugal: { gap: 20 }
              weighing: { strategy: weighted, weights: { cost: 9 } }
            """,
            []);

        var child = snapshot.DefaultPolicy;
        Assert.Equal(("child", 0.01, 0.5m, 0.5), (child.Name, child.Gap, child.MaxCostUsd!.Value, child.Sticky.Saving));
        Assert.Equal(["eu"], child.Regions);
        Assert.Equal(["a"], child.Prefer[Intent.Rewriting]);
        Assert.Equal(["b"], child.Prefer[Intent.Translation]);
        Assert.Equal(0.2, snapshot.Policies.Find("frugal")!.Gap);
        Assert.Equal((1, 9, 0.001), (snapshot.Policies.Find("weighing")!.Weights.Quality, snapshot.Policies.Find("weighing")!.Weights.Cost, snapshot.Policies.Find("weighing")!.Weights.Latency));
        Assert.NotNull(snapshot.Policies.Find("balanced"));
    }

    [Fact]
    public void Hedges_and_breaks_are_inherited_and_can_be_turned_off()
    {
        var policies = Build(
            """
            policies:
              plain: { hedge: true, on_break: continue }
              timed: { extends: plain, hedge: { after: 800ms, max_share: 0.1 } }
              own: { extends: timed, hedge: { after: p95, max_usd_per_hour: 2 }, on_break: restart }
              none: { extends: own, hedge: false, on_break: error }
            """,
            []).Policies;

        Assert.Null(policies.Find("balanced")!.Hedge);
        Assert.Equal((new(), OnBreak.Continue), (policies.Find("plain")!.Hedge!, policies.Find("plain")!.OnBreak));
        Assert.Equal((new() { After = TimeSpan.FromMilliseconds(800), MaxShare = 0.1 }, OnBreak.Continue), (policies.Find("timed")!.Hedge!, policies.Find("timed")!.OnBreak));
        Assert.Equal((new() { MaxShare = 0.1, MaxUsdPerHour = 2 }, OnBreak.Restart), (policies.Find("own")!.Hedge!, policies.Find("own")!.OnBreak));
        Assert.Equal((null, OnBreak.Error), (policies.Find("none")!.Hedge, policies.Find("none")!.OnBreak));
        Assert.Equal(
            [OnBreak.Error, OnBreak.Continue, OnBreak.Error, OnBreak.Error, OnBreak.Restart],
            [policies.Find("none")!.OnBreakFor(OnBreak.Restart), policies.Find("plain")!.OnBreakFor(OnBreak.Restart), policies.Find("plain")!.OnBreakFor(OnBreak.Error), policies.Find("own")!.OnBreakFor(null), policies.Find("own")!.OnBreakFor(OnBreak.Restart)]);
    }

    [Fact]
    public void A_models_own_limit_of_calls_goes_before_its_providers()
    {
        var catalog = Build("providers: { lab: { type: openai-compatible, base_url: \"http://127.0.0.1:9/v1\", max_concurrency: 4, models: [{ id: a }, { id: b, max_concurrency: 1 }] } }", []).Catalog;

        Assert.Equal((4, 1), (catalog.Find("lab/a")!.MaxConcurrency, catalog.Find("lab/b")!.MaxConcurrency));
    }

    [Fact]
    public void What_was_found_on_this_machine_is_free_and_stays_here()
    {
        var server = new LocalServer("ollama", Sommelier.Providers.ProviderRegistry.Find("ollama")!, new("http://127.0.0.1:11434/v1/"), [new("llama3.3:70b"), new("gpt-oss:120b-cloud", IsRemote: true)]);

        var build = GatewaySnapshotBuilder.Build(SommelierConfig.Default, Given.Environment(), [server]);

        var local = build.Snapshot.Catalog.Find("ollama/llama3.3:70b")!;
        Assert.Equal((true, "on-prem", DataClass.Confidential), (local.Price!.IsFree, local.Region, local.MaxDataClass!.Value));
        var remote = build.Snapshot.Catalog.Find("ollama/gpt-oss:120b-cloud")!;
        Assert.Equal((null, "", null), (remote.Price, remote.Region, remote.MaxDataClass));
        Assert.Equal("http://127.0.0.1:11434/v1/", build.Snapshot.Providers["ollama"].BaseAddress.AbsoluteUri);
    }

    [Theory]
    [InlineData("only: [lab], cache: { similar: { model: lab/vectors } }", null)]
    [InlineData("cache: { similar: { model: lab/one } }", "policies.a.cache.similar.model: warning: 'lab/one' makes no vectors")]
    [InlineData("only: [lab/one], cache: { similar: { model: lab/vectors } }", "policies.a.cache.similar.model: warning: 'only' or 'exclude' of the policy leaves out 'lab/vectors'")]
    [InlineData("exclude: [lab/vectors], cache: { similar: { model: lab/vectors } }", "policies.a.cache.similar.model: warning: 'only' or 'exclude' of the policy leaves out 'lab/vectors'")]
    [InlineData("rules: [{ when: stream, cache: { similar: { model: lab/one } } }]", "policies.a.rules[0].cache.similar.model: warning: 'lab/one' makes no vectors")]
    public void A_model_that_can_make_no_vectors_for_its_policy_is_warned_of(string policy, string? warning)
    {
        var config = Given.ValidYaml(
            $$"""
            policies: { a: { {{policy}} } }
            providers:
              lab: { type: openai-compatible, base_url: "http://127.0.0.1:1/v1", models: [{ id: one }, { id: vectors, kind: embedding }] }
            """);

        var warnings = GatewaySnapshotBuilder.Build(config, Given.Environment(), []).Warnings.Select(w => w.ToString()).ToArray();

        Assert.True(warning is null ? warnings.Length == 0 : warnings is [var only] && only.Contains(warning, StringComparison.Ordinal), string.Join('\n', warnings));
    }

    [Fact]
    public void Names_that_mean_nothing_are_warned_of()
    {
        var gone = BundledCatalog.Provider("openai").Tombstones.First(t => t.Lifecycle.RetiresOn is not null && BundledCatalog.Provider("openai").Find(t.Model) is null);
        var config = Given.ValidYaml(
            $$"""
            providers: { openai: { api_key: k } }
            aliases: { smart: openai/gpt-nothing }
            policies: { a: { only: [openai, opnai], prefer: { coding: [{{gone.Model}}] } } }
            """);

        var build = GatewaySnapshotBuilder.Build(config, Given.Environment(), []);

        Assert.All(build.Warnings, w => Assert.Equal(ConfigSeverity.Warning, w.Severity));
        Assert.Collection(
            build.Warnings.Select(w => w.ToString()),
            w => Assert.StartsWith("sommelier.yaml:2:19: aliases.smart: warning: no provider in use serves 'openai/gpt-nothing'.", w, StringComparison.Ordinal),
            w => Assert.Equal("sommelier.yaml:3:33: policies.a.only[1]: warning: no provider in use serves 'opnai'. Did you mean 'openai'?", w),
            w => Assert.StartsWith($"sommelier.yaml:3:60: policies.a.prefer.coding[0]: warning: '{gone.Model}' is retired since {gone.Lifecycle.RetiresOn:yyyy-MM-dd}.", w, StringComparison.Ordinal));
    }

    [Fact]
    public void A_dry_run_without_configuration_looks_at_every_hosted_provider()
    {
        var catalog = GatewaySnapshotBuilder.BuildForDryRun(SommelierConfig.Default, Given.Environment()).Snapshot.Catalog;

        Assert.All(["anthropic", "openai", "groq", "deepseek", "xai"], provider => Assert.NotEmpty(catalog.OfProvider(provider)));
        Assert.Empty(catalog.OfProvider("ollama"));
        Assert.DoesNotContain(catalog.Deployments, d => d.WireFormat.Length > 0 && Sommelier.Wire.WireFormats.All.All(format => format.Name != d.WireFormat));
    }

    private static GatewaySnapshot Build(string yaml, string[] variables) =>
        GatewaySnapshotBuilder.Build(Given.ValidYaml(yaml, variables), Given.Environment(variables), []).Snapshot;
}
