namespace Sommelier.CatalogBuilder.Facts;

/// <summary>Which provider of the source becomes which of ours.</summary>
/// <param name="Name">Our name, and the name of the file.</param>
/// <param name="Keys">Keys in the source; the first wins where two know a model.</param>
/// <param name="Maker">The maker whose own platform it is; empty for hosts of others' models.</param>
/// <param name="Region">Where it runs, when its endpoint says so.</param>
/// <param name="ZeroIsFree">Whether a price of zero means free of charge, and not a trial or a subscription.</param>
/// <param name="FollowsMaker">Whether it forwards to the makers' platforms, so that a model ends there when it ends at its maker.</param>
public sealed record ProviderMap(
    string Name, string[] Keys, string Maker = "", string Region = "", bool ZeroIsFree = false, bool FollowsMaker = false)
{
    /// <summary>Every provider that ships.</summary>
    public static readonly ProviderMap[] All =
    [
        new("anthropic", ["anthropic"], "anthropic"),
        new("azure", ["azure"]),
        new("bedrock", ["amazon-bedrock"]),
        new("cerebras", ["cerebras"]),
        new("cloudflare", ["cloudflare-workers-ai"]),
        new("cloudflare-gateway", ["cloudflare-ai-gateway"], FollowsMaker: true),
        new("deepseek", ["deepseek"], "deepseek"),
        new("doubao", ["volcengine"], "bytedance", Region: "cn"),
        new("gemini", ["google"], "google"),
        new("groq", ["groq"]),
        new("llama", ["llama"], "meta"),
        new("lmstudio", ["lmstudio"], Region: "on-prem", ZeroIsFree: true),
        new("meta", ["meta"], "meta"),
        new("mistral", ["mistral"], "mistral"),
        new("moonshot", ["moonshotai"], "moonshot"),
        new("nvidia", ["nvidia"]),
        new("ollama-cloud", ["ollama-cloud"]),
        new("openai", ["openai"], "openai"),
        new("openrouter", ["openrouter"], FollowsMaker: true),
        new("perplexity", ["perplexity"], "perplexity"),
        new("qwen", ["alibaba"], "qwen"),
        new("stepfun", ["stepfun"], "stepfun"),
        new("together", ["togetherai"]),
        new("vertex", ["google-vertex", "google-vertex-anthropic"]),
        new("xai", ["xai"], "xai"),
        new("zhipu", ["zai"], "zhipu", ZeroIsFree: true),
    ];

    /// <summary>Our name of a maker, from any spelling in the sources.</summary>
    public static string MakerName(string spelled) => spelled.ToLowerInvariant() switch
    {
        "alibaba" => "qwen",
        "zhipuai" or "z-ai" or "zai-org" or "zai" => "zhipu",
        "moonshotai" => "moonshot",
        "bytedance-seed" or "bytedance" => "bytedance",
        "meta-llama" or "meta-models" or "llama" => "meta",
        "mistralai" => "mistral",
        "x-ai" => "xai",
        "deepseek-ai" => "deepseek",
        "minimaxai" => "minimax",
        var other => other,
    };
}
