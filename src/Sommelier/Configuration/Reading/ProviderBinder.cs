using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Configuration.Keys;
using Sommelier.Upstream;

namespace Sommelier.Configuration.Reading;

/// <summary>Makes <see cref="ProviderConfig"/> out of valid values.</summary>
internal static class ProviderBinder
{
    public static ProviderConfig Bind(string name, ConfigGroup group) => new()
    {
        Name = name,
        Type = group.Text("type") ?? name,
        ApiKey = group.Text("api_key"),
        ApiKeys = [.. (group.List("api_keys") ?? []).Select(item => (ConfigGroup)item.Value).Select(key => new ProviderKey(key.Text("key")!, (double?)key.Number("weight") ?? 1))],
        BaseUrl = group.Url("base_url"),
        Settings = ConfigBinder.TextMap(group.Group("settings")).ToDictionary(StringComparer.Ordinal),
        Headers = [.. ConfigBinder.TextMap(group.Group("headers"))],
        KeyParameter = group.Text("key_parameter"),
        ConnectTimeout = group.Duration("connect_timeout"),
        DoneMark = group.Boolean("done_mark"),
        MaxConcurrency = group.Integer("max_concurrency"),
        Weight = (double?)group.Number("weight") ?? 1,
        Region = group.Text("region"),
        Data = ConfigBinder.Data(group),
        Models = [.. (group.List("models") ?? []).Select(item => Model((ConfigGroup)item.Value))],
        Only = group.Texts("only") ?? [],
        Exclude = group.Texts("exclude") ?? [],
        Enabled = group.Boolean("enabled") ?? true,
    };

    private static ModelConfig Model(ConfigGroup group) => new()
    {
        Id = group.Text("id")!,
        Canonical = group.Text("canonical"),
        Name = group.Text("name"),
        Family = group.Text("family"),
        Kind = (ModelKind?)group.Choice("kind", Words.Kinds),
        Wire = group.Text("wire"),
        Context = group.Integer("context"),
        MaxInput = group.Integer("max_input"),
        MaxOutput = group.Integer("max_output"),
        Price = group.Group("price") is { } price ? Price(price) : null,
        Capabilities = group.Texts("capabilities")?.Aggregate(Capabilities.None, (all, word) => all | Words.Capability(word)),
        Region = group.Text("region"),
        Data = ConfigBinder.Data(group),
        Quality = (group.Group("quality") ?? ConfigGroup.Empty).Values.ToDictionary(q => q.Key, q => (double)(decimal)q.Value.Value, StringComparer.Ordinal),
        FirstChunkMs = (double?)group.Number("first_chunk_ms"),
        TokensPerSecond = (double?)group.Number("tokens_per_second"),
        MaxConcurrency = group.Integer("max_concurrency"),
        Weight = (double?)group.Number("weight"),
    };

    private static (decimal Input, decimal Output) Tier(ConfigGroup group) => (group.Number("input") ?? 0, group.Number("output") ?? 0);

    private static PriceConfig Price(ConfigGroup group) => new(group.Number("input") ?? 0, group.Number("output") ?? 0)
    {
        CacheRead = group.Number("cache_read"),
        CacheWrite = group.Number("cache_write"),
        CacheWrite1h = group.Number("cache_write_1h"),
        Reasoning = group.Number("reasoning"),
        InputAudio = group.Number("input_audio"),
        OutputAudio = group.Number("output_audio"),
        ServiceTiers = (group.Group("service_tiers") ?? ConfigGroup.Empty).Values.ToFrozenDictionary(t => t.Key, t => Tier((ConfigGroup)t.Value.Value), StringComparer.Ordinal),
        InferenceGeo = (group.Group("inference_geo") ?? ConfigGroup.Empty).Values.ToFrozenDictionary(g => g.Key, g => (decimal)g.Value.Value, StringComparer.Ordinal),
        WebSearch = group.Number("web_search"),
    };
}
