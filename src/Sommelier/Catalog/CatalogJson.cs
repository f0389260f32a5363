using System.Globalization;
using System.Text.Json;

namespace Sommelier.Catalog;

/// <summary>Reads one provider's file of the bundled catalog. Facts refer by index to the file's table of sources.</summary>
internal static class CatalogJson
{
    /// <summary>Names of the capabilities in the files, by bit.</summary>
    public static readonly string[] CapabilityNames =
    [
        "tools", "parallel_tools", "vision", "audio", "video", "pdf", "json_schema", "json_object", "reasoning",
        "temperature", "prefill", "prompt_caching", "streaming",
    ];

    private static readonly Dictionary<string, decimal> Anywhere = [];

    /// <summary>The deployments, tombstones and aliases of a file.</summary>
    public static (List<Deployment> Deployments, List<Tombstone> Tombstones, Dictionary<string, string> Aliases) Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        var provider = root.GetProperty("provider").GetString()!;
        var sources = root.GetProperty("sources").EnumerateArray()
            .Select(s => (Id: s.GetProperty("id").GetString()!, Date: Day(s, "date")!.Value))
            .ToArray();
        var labels = Array.ConvertAll(sources, s => $"{s.Id} {s.Date:yyyy-MM-dd}");
        var pages = root.GetProperty("pages").EnumerateArray().Select(p => new Uri(p.GetString()!)).ToArray();

        List<Deployment> deployments = [];
        foreach (var model in root.GetProperty("models").EnumerateArray())
        {
            deployments.Add(ReadModel(model, provider, sources, labels, pages));
        }

        List<Tombstone> tombstones = [];
        foreach (var gone in root.GetProperty("retired").EnumerateArray())
        {
            tombstones.Add(new()
            {
                Provider = provider,
                Model = gone.GetProperty("id").GetString()!,
                Aliases = Strings(gone, "aliases"),
                Lifecycle = ReadLifecycle(gone.GetProperty("life"), pages),
            });
        }

        var aliases = root.GetProperty("aliases").EnumerateObject()
            .ToDictionary(a => a.Name, a => a.Value.GetString()!, StringComparer.Ordinal);
        return (deployments, tombstones, aliases);
    }

    private static Deployment ReadModel(JsonElement model, string provider, (string Id, DateOnly Date)[] sources, string[] labels, Uri[] pages)
    {
        var id = model.GetProperty("id").GetString()!;
        var used = model.GetProperty("src").EnumerateArray().Select(i => labels[i.GetInt32()]).ToArray();
        return new()
        {
            Id = $"{provider}/{id}",
            Provider = provider,
            Model = id,
            CanonicalModel = Text(model, "canonical") is { Length: > 0 } canonical ? canonical : id,
            Name = Text(model, "name"),
            Family = Text(model, "family"),
            Maker = Text(model, "maker"),
            Kind = Text(model, "kind") switch { "embedding" => ModelKind.Embedding, "other" => ModelKind.Other, _ => ModelKind.Chat },
            NamedOnly = Text(model, "named_only") switch { "moving" => NamedOnly.MovingName, "terms" => NamedOnly.OtherTerms, "spelling" => NamedOnly.OtherSpelling, _ => NamedOnly.No },
            WireFormat = Text(model, "wire"),
            ContextWindow = Number(model, "context"),
            MaxInputTokens = Number(model, "max_input"),
            MaxOutputTokens = Number(model, "max_output"),
            Capabilities = ReadCapabilities(model),
            Price = model.TryGetProperty("price", out var price) ? ReadPrice(price, sources) : null,
            Lifecycle = model.TryGetProperty("life", out var life) ? ReadLifecycle(life, pages) : Lifecycle.Unknown,
            Reasoning = model.TryGetProperty("reasoning", out var reasoning) ? ReadReasoning(reasoning) : ReasoningOptions.None,
            Region = Text(model, "region"),
            KnowledgeCutoff = Text(model, "cutoff"),
            ReleaseDate = Day(model, "released"),
            OpenWeights = model.TryGetProperty("open", out _),
            Sources = used,
        };
    }

    private static Price ReadPrice(JsonElement price, (string Id, DateOnly Date)[] sources)
    {
        var source = sources[price.GetProperty("src").GetInt32()];
        return new()
        {
            InputUsdPerMillion = price.GetProperty("in").GetDecimal(),
            OutputUsdPerMillion = price.GetProperty("out").GetDecimal(),
            CacheRead = Money(price, "read"),
            CacheWrite5m = Money(price, "write"),
            CacheWrite1h = Money(price, "write_1h"),
            Reasoning = Money(price, "reasoning"),
            InputAudio = Money(price, "audio_in"),
            OutputAudio = Money(price, "audio_out"),
            Tiers = price.TryGetProperty("tiers", out var tiers) ? tiers.EnumerateArray().Select(ReadTier).ToArray() : [],
            ServiceTiers = price.TryGetProperty("service", out var service) ? service.EnumerateObject().Select(t => ReadService(t, sources)).ToArray() : [],
            GeoFactors = price.TryGetProperty("geo", out var geos) ? geos.EnumerateObject().ToDictionary(g => g.Name, g => g.Value.GetDecimal(), StringComparer.Ordinal) : Anywhere,
            WebSearchUsdPerThousand = Money(price, "search"),
            Source = source.Id,
            SourceDate = source.Date,
        };
    }

    private static ServiceTierPrice ReadService(JsonProperty tier, (string Id, DateOnly Date)[] sources) => new()
    {
        Name = tier.Name,
        InputUsdPerMillion = tier.Value.GetProperty("in").GetDecimal(),
        OutputUsdPerMillion = tier.Value.GetProperty("out").GetDecimal(),
        Source = sources[tier.Value.GetProperty("src").GetInt32()].Id,
    };

    private static PriceTier ReadTier(JsonElement tier) => new()
    {
        AboveInputTokens = tier.GetProperty("above").GetInt32(),
        InputUsdPerMillion = Money(tier, "in"),
        OutputUsdPerMillion = Money(tier, "out"),
        CacheRead = Money(tier, "read"),
        CacheWrite5m = Money(tier, "write"),
        CacheWrite1h = Money(tier, "write_1h"),
        Reasoning = Money(tier, "reasoning"),
    };

    private static Lifecycle ReadLifecycle(JsonElement life, Uri[] pages) => new()
    {
        Status = Text(life, "status") switch
        {
            "rumoured" => ModelStatus.Rumoured,
            "announced" => ModelStatus.Announced,
            "preview" => ModelStatus.Preview,
            "deprecated" => ModelStatus.Deprecated,
            "retired" => ModelStatus.Retired,
            _ => ModelStatus.Active,
        },
        DeprecatedOn = Day(life, "deprecated"),
        RetiresOn = Day(life, "retires"),
        EarliestRetiresOn = Day(life, "earliest"),
        Successors = Strings(life, "successors"),
        SuccessorsInferred = life.TryGetProperty("inferred", out _),
        Source = life.TryGetProperty("page", out var page) ? pages[page.GetInt32()] : null,
        LastVerified = Day(life, "verified"),
    };

    private static ReasoningOptions ReadReasoning(JsonElement reasoning) => new()
    {
        Efforts = Strings(reasoning, "efforts"),
        Toggle = reasoning.TryGetProperty("toggle", out _),
        Budget = reasoning.TryGetProperty("budget", out var budget),
        BudgetMin = budget.ValueKind == JsonValueKind.Object ? Number(budget, "min") : null,
        BudgetMax = budget.ValueKind == JsonValueKind.Object ? Number(budget, "max") : null,
    };

    private static Capabilities ReadCapabilities(JsonElement model)
    {
        var all = Capabilities.None;
        foreach (var name in model.GetProperty("can").EnumerateArray())
        {
            all |= (Capabilities)(1 << Array.IndexOf(CapabilityNames, name.GetString()));
        }

        return all;
    }

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static int? Number(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetInt32() : null;

    private static decimal? Money(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetDecimal() : null;

    private static string[] Strings(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) ? value.EnumerateArray().Select(v => v.GetString()!).ToArray() : [];

    private static DateOnly? Day(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) ? DateOnly.ParseExact(value.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
}
