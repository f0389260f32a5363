using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Configuration;

namespace Sommelier.Tests.Configuration;

public sealed class ConfigReaderTests
{
    [Fact]
    public void Reads_the_least_that_a_configuration_holds()
    {
        var config = Given.ValidYaml(
            """
            server: { urls: "http://127.0.0.1:4000", data: ./.sommelier }
            providers:
              anthropic: { api_key: "${ANTHROPIC_API_KEY}" }                     # a known provider
              openai:    { api_key: "${OPENAI_API_KEY}", base_url: "https://api.openai.com/v1" }
              lab:                                                              # any other server
                type: openai-compatible
                base_url: "http://10.0.0.5:8000/v1"
                models: [{ id: qwen3.5-27b, context: 131072, price: { input: 0, output: 0 }, region: on-prem }]
            policies:
              default: balanced
              support: { extends: frugal, prefer: { summarization: [openai/gpt-6-luna] }, max_cost_usd: 0.01 }
            storage: { sqlite: ./.sommelier/sommelier.db }
            """,
            "ANTHROPIC_API_KEY=a-key",
            "OPENAI_API_KEY=o-key");

        Assert.Equal(["http://127.0.0.1:4000"], config.Server.Urls);
        Assert.Equal(["anthropic", "openai", "lab"], config.Providers.Select(p => p.Name));
        Assert.Equal(["a-key", "o-key", null], config.Providers.Select(p => p.ApiKey));
        var model = Assert.Single(config.Providers[2].Models);
        Assert.Equal(("qwen3.5-27b", 131072, "on-prem", 0m, 0m), (model.Id, model.Context!.Value, model.Region, model.Price!.Input, model.Price.Output));
        var policy = Assert.Single(config.Policies);
        Assert.Equal(("support", "frugal", 0.01m), (policy.Name, policy.Extends, policy.MaxCostUsd));
        Assert.Equal(["openai/gpt-6-luna"], policy.Prefer![Intent.Summarization]);
        Assert.Equal("./.sommelier/sommelier.db", config.DatabasePath);
    }

    [Fact]
    public void An_empty_file_is_the_defaults()
    {
        foreach (var text in new[] { "", "# nothing\n", "---\n", "server:\nproviders:\n" })
        {
            var config = Given.ValidYaml(text);

            Assert.Equal(["http://127.0.0.1:4000"], config.Server.Urls);
            Assert.Equal(32_000_000, config.Server.Limits.MaxBodyBytes);
            Assert.Equal("balanced", config.DefaultPolicy);
            Assert.True(config.Discover);
            Assert.Empty(config.Providers);
            Assert.Equal(TimeSpan.FromSeconds(60), config.Resilience.StallTimeout);
        }
    }

    [Fact]
    public void Reads_every_kind_of_value()
    {
        var config = Given.ValidYaml(
            """
            server:
              keys: [first-key, 12345]
              limits: { max_body_bytes: 64MiB, max_header_bytes: 16384, max_json_depth: 32, request_timeout: 1.5m }
              cors: { origins: "https://app.example" }
              cache: { max_bytes: 1MiB }
              admin: { oidc: { authority: "https://login.example/", audience: cellar, roles: { admin: [boss], viewer: [boss, guest] } } }
              tls: { certificate: cert.pem, key: key.pem }
            discover: false
            resilience: { max_attempts: 3, stall_timeout: 500ms, total_timeout: 2h, first_chunk_timeout: 8s }
            classifier: { abstain_below: 0.3 }
            ledger: { retention: 90d }
            aliases: { smart: openai/gpt-6, cheap: auto/frugal }
            providers:
              ollama: { models: [llama3, { id: qwen, capabilities: [tools, vision], quality: 0.8 }], data: confidential }
            policies:
              default: mine
              mine: { freeze: 2026-06-30, regions: eu, sticky: false, cache: { ttl: 2m }, fallback: no-such }
            """.Replace(", fallback: no-such", "", StringComparison.Ordinal));

        Assert.Equal(["first-key", "12345"], config.Server.Keys);
        Assert.Equal((64L * 1024 * 1024, 16384, 32, TimeSpan.FromSeconds(90)), (config.Server.Limits.MaxBodyBytes, config.Server.Limits.MaxHeaderBytes, config.Server.Limits.MaxJsonDepth, config.Server.Limits.RequestTimeout));
        Assert.Equal(["https://app.example"], config.Server.Cors!.Origins);
        Assert.Equal(new TlsConfig("cert.pem", "key.pem", null), config.Server.Tls);
        Assert.Equal(1_048_576, config.Server.CacheMaxBytes);
        var oidc = config.Server.Oidc!;
        Assert.Equal(("https://login.example/", "cellar", "role"), (oidc.Authority.OriginalString, oidc.Audience, oidc.RoleClaim));
        Assert.Equal([("boss", Sommelier.Accounts.KeyRole.Admin), ("guest", Sommelier.Accounts.KeyRole.Viewer)], oidc.Roles.Select(role => (role.Key, role.Value)));
        Assert.False(config.Discover);
        Assert.Equal((3, TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(2), TimeSpan.FromSeconds(8)), (config.Resilience.MaxAttempts, config.Resilience.StallTimeout, config.Resilience.TotalTimeout, config.Resilience.FirstChunkWithin!.Value));
        Assert.Equal(0.3, config.AbstainBelow);
        Assert.Equal(TimeSpan.FromDays(90), config.LedgerRetention);
        Assert.Equal("auto/frugal", config.Aliases["cheap"]);
        var ollama = Assert.Single(config.Providers);
        Assert.Equal(DataClass.Confidential, ollama.Data);
        Assert.Equal(["llama3", "qwen"], ollama.Models.Select(m => m.Id));
        Assert.Equal(Capabilities.Tools | Capabilities.Vision, ollama.Models[1].Capabilities);
        Assert.Equal(0.8, ollama.Models[1].Quality["default"]);
        var mine = Assert.Single(config.Policies);
        Assert.Equal((new DateOnly(2026, 6, 30), false), (mine.Freeze!.Value, mine.Sticky.Enabled!.Value));
        Assert.Equal(["eu"], mine.Regions!);
        Assert.Equal((true, TimeSpan.FromMinutes(2)), (mine.Cache!.Value, mine.CacheTtl!.Value));
    }

    [Fact]
    public void Ten_mistakes_are_ten_problems()
    {
        var (config, problems) = Given.Yaml(
            """
            server:
              urls: "http://0.0.0.0:4000"
              limits: { max_body_bytes: lots }
            provider: {}
            providers:
              anthropic: { api_key: "${NOT_SET}" }
              lab:
                type: openai-compatible
                base_url: ftp://10.0.0.5
                models: [{ context: 131072, price: { input: -1, output: 0 } }]
            policies:
              default: balancd
              support: { extends: frugal, max_cost: 0.01 }
            storage: { postgres: "Host=db;Password=hunter2;Nonsense=1" }
            """);

        Assert.Null(config);
        Assert.Equal(
            [
                "sommelier.yaml:2:9: server.urls: 'http://0.0.0.0:4000' is reachable from other machines, and there are no caller keys. Add server.keys, or listen on 127.0.0.1.",
                "sommelier.yaml:3:29: server.limits.max_body_bytes: 'lots' is not a size like 64KiB, 32MB or a number of bytes, from 1024 bytes to 1073741824 bytes.",
                "sommelier.yaml:4:1: provider: there is no key 'provider' here. Did you mean 'providers'?",
                "sommelier.yaml:6:25: providers.anthropic.api_key: the environment variable NOT_SET is not set. Set it, or write ${NOT_SET:-default}.",
                "sommelier.yaml:9:15: providers.lab.base_url: 'ftp://10.0.0.5' is not an http or https address, like http://127.0.0.1:8000/v1.",
                "sommelier.yaml:10:14: providers.lab.models[0].id: this is missing. Add it: the name that is sent upstream.",
                "sommelier.yaml:10:49: providers.lab.models[0].price.input: '-1' is not a number, from 0 to 1000000.",
                "sommelier.yaml:12:12: policies.default: there is no policy 'balancd'. Did you mean 'balanced'?",
                "sommelier.yaml:13:31: policies.support.max_cost: there is no key 'max_cost' here. Did you mean 'max_cost_usd'?",
                "sommelier.yaml:14:22: storage.postgres: it cannot be read. Write it like Host=db;Port=5432;Username=sommelier;Password=...;Database=sommelier.",
            ],
            problems.Select(p => p.ToString()));
    }

    [Fact]
    public void No_problem_tells_a_secret()
    {
        var (_, problems) = Given.Yaml(
            """
            server: { keys: [[hunter2]], limits: { max_headers: "${SECRET}" } }
            providers:
              anthropic: { api_key: { value: hunter2 }, headers: { "x y": hunter2, x-b: "hunter2\n" }, region: "${SECRET}" }
              nowhere: { api_key: hunter2 }
            storage: { redis: hunter2 }
            """,
            "SECRET=hunter2");

        Assert.True(problems.Count >= 6);
        Assert.DoesNotContain(problems, p => p.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a: [1\nserver: {}", "this is not valid YAML")]
    [InlineData("server: {}\n---\nserver: {}", "a second document begins here")]
    [InlineData("server: {}\nserver: {}", "the key 'server' is given twice")]
    [InlineData("server:\n\turls: http://127.0.0.1:4000", "a tab stands in the indentation")]
    [InlineData("- server", "this is a list, and keys with values are expected")]
    [InlineData("just text", "this is a single value, and keys with values are expected")]
    [InlineData("? [a, b]\n: c", "a key is a list or a mapping")]
    [InlineData("server: *nowhere", "the alias '*nowhere' has no anchor")]
    [InlineData("policies: &a { x: *a }", "the alias '*a' has no anchor that ends before it")]
    [InlineData("policies: { <<: { x: { gap: 1 } } }", "merge keys are not supported")]
    [InlineData("discover: maybe", "'maybe' is not true or false")]
    [InlineData("aliases: { auto: openai }", "names that begin with 'auto' are policies")]
    [InlineData("aliases: { a: b, b: openai }", "'b' is an alias itself")]
    [InlineData("aliases: { a: auto/nope }", "there is no policy 'nope'")]
    [InlineData("policies: { a: { extends: b }, b: { extends: a } }", "made of itself in a circle")]
    [InlineData("policies: { a: { extends: a } }", "made of itself in a circle")]
    [InlineData("policies: { A b: {} }", "a policy is called as auto/NAME")]
    [InlineData("policies: { a: { prefer: { sumarization: [x] } } }", "there is no key 'sumarization' here. Did you mean 'summarization'?")]
    [InlineData("policies: { a: { order: [x, ] , only: [~] } }", "the list has an empty item")]
    [InlineData("providers: { bedrock-ish: {} }", "is no known provider")]
    [InlineData("providers: { anthropik: {} }", "Did you mean 'anthropic'?")]
    [InlineData("providers: { anthropic: {} }", "Add api_key, or set ANTHROPIC_API_KEY")]
    [InlineData("providers: { lab: { type: openai-compatible, models: [a] } }", "needs an address. Add base_url")]
    [InlineData("providers: { lab: { type: openai-compatible, base_url: 'http://x/v1' } }", "nothing is known of this server's models")]
    [InlineData("providers: { ollama: { models: [a, a] } }", "the model 'a' is given twice")]
    [InlineData("providers: { cloudflare: { api_key: k, settings: { account_id: a }, models: [{ id: a, wire: cloudflare-ran }] } }", "cloudflare answers no chats in 'cloudflare-ran'. Did you mean 'cloudflare-run'?")]
    [InlineData("providers: { bedrock: { api_key: k, models: [{ id: a, wire: gemini }] } }", "bedrock answers no chats in 'gemini'. There are: bedrock-converse, anthropic-messages, openai-chat")]
    [InlineData("providers: { ollama: { headers: { 'x y': z } } }", "no name of an HTTP header")]
    [InlineData("providers: { ollama: { headers: { x: \"a\\nb\" } } }", "characters that a header cannot carry")]
    [InlineData("providers: { ollama: { models: { id: a, prise: 1 } } }", "providers.ollama.models.prise: there is no key 'prise' here. Did you mean 'price'?")]
    [InlineData("server: { urls: 'https://127.0.0.1:1' }", "https needs a certificate")]
    [InlineData("server: { urls: 'http://127.0.0.1:1/x' }", "an address to listen on has no path")]
    [InlineData("server: { cors: { origins: 'https://a.example/' } }", "an origin is scheme, host and port")]
    [InlineData("server: { responses: { path: a.db } }", "server.responses.path: answers are not kept in a file")]
    [InlineData("server: { responses: { store: shared } }", "Set storage.postgres")]
    [InlineData("server: { responses: { store: memory, path: a.db } }", "Add store: file, or leave it out")]
    [InlineData("server: { admin: { oidc: { authority: 'http://login.example', audience: a, roles: { admin: b } } } }", "the issuer's keys would be fetched without encryption")]
    [InlineData("server: { admin: { oidc: { authority: 'https://login.example', audience: a, roles: {} } } }", "Name some under admin, editor or viewer")]
    [InlineData("server: { admin: { oidc: { authority: 'https://login.example', roles: { admin: b } } } }", "server.admin.oidc.audience")]
    [InlineData("server: { admin: { oidc: { authority: 'https://login.example', audience: a, roles: { king: b } } } }", "king")]
    [InlineData("server: { cache: { max_bytes: 1kB } }", "server.cache.max_bytes")]
    [InlineData("policies: { mine: { cache: { ttl: 90 } } }", "policies.mine.cache.ttl")]
    [InlineData("media: { allow: 'http://files.example/' }", "is not the name or address of a host")]
    [InlineData("media: { allow: ['files.example:8080'] }", "is not the name or address of a host")]
    [InlineData("media: { max_bytes: 5GB }", "media.max_bytes")]
    [InlineData("media: { max_bytes_in_flight: 9MB }", "the largest file would find no room")]
    [InlineData("media: { max_bytes: 30MB, max_bytes_in_flight: 20MB }", "the largest file would find no room")]
    [InlineData("providers: { gemini: { api_key: k, key_parameter: '?key=' } }", "this is no name of a query parameter")]
    [InlineData("server: { data: '${A' }", "a '${' is never closed")]
    [InlineData("server: { data: '${A B}' }", "does not hold the name of an environment variable")]
    public void Bad_input_is_named_with_its_remedy(string yaml, string expected)
    {
        var (config, problems) = Given.Yaml(yaml);

        Assert.Null(config);
        Assert.Contains(problems, p => p.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_syntax_error_does_not_hide_the_mistakes_before_it()
    {
        var (_, problems) = Given.Yaml("discover: maybe\nservr: {}\nproviders: { a: [ }\n");

        Assert.Equal(["discover", "servr", ""], problems.Select(p => p.Path));
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused()
    {
        var yaml = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat("bcdefghi".Select(c => $"{c}: &{c} [{string.Join(", ", Enumerable.Repeat("*" + (char)(c - 1), 10))}]\n"));

        var (config, problems) = Given.Yaml(yaml);

        Assert.Null(config);
        Assert.Contains(problems, p => p.What.Contains("values, aliases counted", StringComparison.Ordinal));
    }

    [Fact]
    public void Depth_and_size_have_limits()
    {
        var (_, deep) = Given.Yaml("server: " + new string('[', 5000));
        var (_, large) = Given.Yaml("# " + new string('x', 1_000_001));

        Assert.Contains(deep, p => p.What.Contains("deeper than 32", StringComparison.Ordinal));
        Assert.Contains(large, p => p.What.Contains("the limit is", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("${A}", "1")]
    [InlineData("${UNSET:-2}", "2")]
    [InlineData("x${A}y${A}z", "x1y1z")]
    [InlineData("$${A}", "${A}")]
    [InlineData("a$b$", "a$b$")]
    public void Variables_are_put_in(string value, string expected) =>
        Assert.Equal(expected, Given.ValidYaml($"server: {{ data: '{value}' }}", "A=1").Server.Data);

    [Fact]
    public void An_alias_stands_for_its_anchor()
    {
        var config = Given.ValidYaml("policies: { a: &a { gap: 3 }, b: *a }");

        Assert.Equal([3, 3], config.Policies.Select(p => p.Gap!.Value));
    }

    [Fact]
    public void The_same_text_has_the_same_version()
    {
        Assert.Equal(Given.ValidYaml("discover: true").Version, Given.ValidYaml("discover: true").Version);
        Assert.NotEqual(Given.ValidYaml("discover: true").Version, Given.ValidYaml("discover: false").Version);
    }

    [Fact]
    public void A_policy_stands_after_the_one_that_it_extends()
    {
        var config = Given.ValidYaml("policies: { a: { extends: b }, b: { extends: c }, c: {} }");

        Assert.Equal(["c", "b", "a"], config.Policies.Select(p => p.Name));
    }

    [Fact]
    public void Any_text_gives_problems_and_never_an_exception() =>
        CsCheck.Check.Sample(
            CsCheck.Gen.OneOf(CsCheck.Gen.String, CsCheck.Gen.String[CsCheck.Gen.Char["server:{}[]&*,-\n \t'\"|>#!%@`0a"], 0, 60]),
            text => Given.Yaml(text),
            iter: 2000);
}
