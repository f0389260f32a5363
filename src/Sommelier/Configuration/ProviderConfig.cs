using System.Collections.Frozen;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Configuration;

/// <summary>A provider as the user wrote it.</summary>
internal sealed record ProviderConfig
{
    /// <summary>The prefix of its deployments' ids.</summary>
    public required string Name { get; init; }

    /// <summary>The known provider whose habits it has, or <c>openai-compatible</c>.</summary>
    public required string Type { get; init; }

    /// <summary>In clear. Null: the usual environment variable.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Several keys; empty where <see cref="ApiKey"/> or the environment has the only one.</summary>
    public IReadOnlyList<Upstream.ProviderKey> ApiKeys { get; init; } = [];

    /// <summary>The query parameter that the key is shown in; null: a header.</summary>
    public string? KeyParameter { get; init; }

    public Uri? BaseUrl { get; init; }

    /// <summary>What the address is made of, by <see cref="Providers.ProviderSetting.Name"/>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Null: as is known of the type.</summary>
    public bool? DoneMark { get; init; }

    /// <summary>Of each of its models, unless the model says otherwise.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Of each of its models, unless the model says otherwise.</summary>
    public double Weight { get; init; } = 1;

    public string? Region { get; init; }

    public DataClass? Data { get; init; }

    public IReadOnlyList<ModelConfig> Models { get; init; } = [];

    /// <summary>Patterns of model ids; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Patterns of model ids.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    public bool Enabled { get; init; } = true;

    /// <summary>Hides key and headers from whoever prints it.</summary>
    public override string ToString() => $"{Name} ({Type})";
}

/// <summary>A model as the user wrote it; null means "as the catalog says".</summary>
internal sealed record ModelConfig
{
    public required string Id { get; init; }

    public string? Canonical { get; init; }

    public string? Name { get; init; }

    public string? Family { get; init; }

    public ModelKind? Kind { get; init; }

    /// <summary>The wire format that it is asked in; null: the provider's usual one for such a model.</summary>
    public string? Wire { get; init; }

    public int? Context { get; init; }

    public int? MaxInput { get; init; }

    public int? MaxOutput { get; init; }

    public PriceConfig? Price { get; init; }

    public Capabilities? Capabilities { get; init; }

    public string? Region { get; init; }

    public DataClass? Data { get; init; }

    /// <summary>Success rate by intent, group of intents or <c>default</c>.</summary>
    public IReadOnlyDictionary<string, double> Quality { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    public double? FirstChunkMs { get; init; }

    public double? TokensPerSecond { get; init; }

    public int? MaxConcurrency { get; init; }

    public double? Weight { get; init; }
}

/// <summary>USD per million tokens.</summary>
internal sealed record PriceConfig(decimal Input, decimal Output)
{
    public decimal? CacheRead { get; init; }

    public decimal? CacheWrite { get; init; }

    public decimal? CacheWrite1h { get; init; }

    public decimal? Reasoning { get; init; }

    public decimal? InputAudio { get; init; }

    public decimal? OutputAudio { get; init; }

    /// <summary>Input and output by service tier.</summary>
    public IReadOnlyDictionary<string, (decimal Input, decimal Output)> ServiceTiers { get; init; } = FrozenDictionary<string, (decimal Input, decimal Output)>.Empty;

    /// <summary>Factors by the place that a call is held to.</summary>
    public IReadOnlyDictionary<string, decimal> InferenceGeo { get; init; } = FrozenDictionary<string, decimal>.Empty;

    /// <summary>USD per thousand searches.</summary>
    public decimal? WebSearch { get; init; }
}
