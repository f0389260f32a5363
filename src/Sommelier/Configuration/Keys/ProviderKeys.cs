namespace Sommelier.Configuration.Keys;

/// <summary>Keys of <c>providers</c>.</summary>
internal static class ProviderKeys
{
    private static readonly KeySpec Weight = KeySpec.Of(KeyKind.Number, "weight", "Its share of a model's requests beside other deployments of that model; see the policies' balance", "1", min: 0.001m, max: 1_000_000);

    public static KeySpec Price { get; } = KeySpec.Group(
        "price",
        "What it charges, in USD per million tokens",
        Usd("input", "Input") with { Required = true },
        Usd("output", "Output") with { Required = true },
        Usd("cache_read", "Input read from a cache") with { Default = "as input" },
        Usd("cache_write", "Input written to a cache") with { Default = "as input" },
        Usd("cache_write_1h", "Input written to a cache for an hour") with { Default = "as cache_write" },
        Usd("reasoning", "Output spent on reasoning") with { Default = "as output" },
        Usd("input_audio", "Audio among the input") with { Default = "as input" },
        Usd("output_audio", "Audio among the output") with { Default = "as output" },
        KeySpec.Map(
            "service_tiers",
            "Prices of other service tiers, by the name that answers give (priority, flex, fast); all else keeps its ratio to them",
            KeySpec.Group("TIER", "Prices of a service tier", Usd("input", "Input") with { Required = true }, Usd("output", "Output") with { Required = true })),
        KeySpec.Map("inference_geo", "Factors on the price of tokens where a call is held to one place, by the place: us: 1.1", KeySpec.Of(KeyKind.Number, "PLACE", "Factor", min: 0.01m, max: 100)),
        KeySpec.Of(KeyKind.Number, "web_search", "A thousand searches of the web that the vendor runs, in USD", "unknown, which is said of each answer", min: 0, max: 1_000_000));

    public static KeySpec Model { get; } = KeySpec.Group(
        "model",
        "A model: overrides what the catalog says of it, or adds it",
        KeySpec.Text("id", "The name that is sent upstream") with { Required = true },
        KeySpec.Text("canonical", "The maker's own id, which ties it to the evidence about that model") with { Default = "the catalog's, else the id" },
        KeySpec.Text("name", "A name for people"),
        KeySpec.Text("family", "The line of models it belongs to, e.g. claude-opus: evidence is inherited from it"),
        KeySpec.Choice("kind", "What it is for", Words.Kinds) with { Default = "the catalog's, else chat" },
        KeySpec.Text("wire", "The wire format that it is asked in, of those in which its provider answers chats; docs/providers.md lists them") with { Default = "the catalog's, else the provider's usual one for such a model" },
        Tokens("context", "Input and output tokens together"),
        Tokens("max_input", "The most input tokens"),
        Tokens("max_output", "The most output tokens"),
        Price,
        KeySpec.List("capabilities", "What it can do; replaces what the catalog says. Without json_schema, schemas are asked for in words or by a tool and answers checked", KeySpec.Choice("capability", "Something that it can do", Words.Capabilities))
            with { Default = "the catalog's, else tools, temperature, streaming" },
        KeySpec.Text("region", "Where it runs: us, eu, cn, on-prem …") with { Default = "the provider's" },
        KeySpec.Choice("data", "The most delicate data that it may be given", Words.DataClasses) with { Default = "the provider's" },
        KeySpec.Map(
            "quality",
            "Share of requests that it answers well, 0 to 1, as one number or by intent, group of intents or default; replaces what the catalog says",
            KeySpec.Of(KeyKind.Number, "INTENT", "Share of requests of this kind answered well", min: 0, max: 1),
            Words.IntentsAndDefault) with { Shorthand = "default" },
        KeySpec.Of(KeyKind.Number, "first_chunk_ms", "Usual milliseconds to the first chunk, until it has been measured", min: 0, max: 3_600_000),
        KeySpec.Of(KeyKind.Number, "tokens_per_second", "Usual output speed, until it has been measured", min: 0.001m, max: 1_000_000),
        KeySpec.Of(KeyKind.Integer, "max_concurrency", "The most calls to it that run at once; further ones go to the next model", "the provider's", min: 1, max: 1_000_000),
        Weight with { Default = "the provider's" })
        with { Shorthand = "id" };

    public static KeySpec Provider { get; } = KeySpec.Group(
        "NAME",
        "A provider: by the name of a known one, or by any name with a type",
        KeySpec.Text("type", "A known provider whose habits it has, or openai-compatible") with { Default = "its name" },
        KeySpec.Of(KeyKind.Secret, "api_key", "The key", "the provider's usual environment variable"),
        KeySpec.List("api_keys", "Several keys instead of one: each call shows one of them, drawn by weight; one that is refused or used up is left alone for a while", KeySpec.Group(
            "key",
            "A key",
            KeySpec.Of(KeyKind.Secret, "key", "The key") with { Required = true },
            KeySpec.Of(KeyKind.Number, "weight", "Its share of the calls", "1", min: 0.001m, max: 1_000_000)) with { Shorthand = "key" }),
        KeySpec.Text("key_parameter", "The query parameter in which the key is shown instead of a header, e.g. key") with { Default = "none" },
        KeySpec.Of(KeyKind.Url, "base_url", "Where requests go", "the provider's own address"),
        KeySpec.Map("settings", "What the provider's address is made of, such as region, project or resource; docs/providers.md lists them", KeySpec.Of(KeyKind.Text, "SETTING", "The setting's value")),
        KeySpec.Map("headers", "Further headers of every request", KeySpec.Of(KeyKind.Secret, "HEADER", "The header's value")),
        KeySpec.Of(KeyKind.Duration, "connect_timeout", "How long connecting may take", "10s", min: 0.1m, max: 300),
        KeySpec.Of(KeyKind.Boolean, "done_mark", "Whether its chat streams end with data: [DONE]; with false a finish reason and then the end of the reply will do", "as is known of its type"),
        KeySpec.Of(KeyKind.Integer, "max_concurrency", "The most calls to each of its models that run at once", "no limit", min: 1, max: 1_000_000),
        Weight,
        KeySpec.Text("region", "Where it runs: us, eu, cn, on-prem …") with { Default = "the catalog's" },
        KeySpec.Choice("data", "The most delicate data that it may be given", Words.DataClasses),
        KeySpec.List("models", "Models to add or to override", Model),
        KeySpec.List("only", "The only models to use; model ids as they are sent upstream, * at the end matches the rest"),
        KeySpec.List("exclude", "Models not to use; model ids as they are sent upstream, * at the end matches the rest"),
        KeySpec.Of(KeyKind.Boolean, "enabled", "Whether it is used", "true"));

    public static KeySpec Providers { get; } = KeySpec.Map("providers", "Who serves the models; without any, those whose usual key variables are set", Provider);

    private static KeySpec Usd(string name, string summary) => KeySpec.Of(KeyKind.Number, name, summary, min: 0, max: 1_000_000);

    private static KeySpec Tokens(string name, string summary) => KeySpec.Of(KeyKind.Integer, name, summary, "the catalog's", min: 1, max: 1_000_000_000);
}
