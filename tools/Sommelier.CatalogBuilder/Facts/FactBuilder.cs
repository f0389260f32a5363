using System.Text.Json;
using Sommelier.Catalog;
using static Sommelier.CatalogBuilder.Facts.SourceCatalog;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>Builds every provider's deployments and tombstones, then fills what only the whole can say.</summary>
public sealed class FactBuilder(SourceCatalog source, CanonicalIds names, FamilyLines lines, TextWriter report)
{
    private readonly Dictionary<string, JsonElement> kinByFamily = new(StringComparer.Ordinal);

    // Anthropic's own switch for parallel calls exists on every model; the price lists do not mention it.
    private readonly HashSet<string> parallelMakers = new(StringComparer.Ordinal) { "anthropic" };

    /// <summary>All providers, in order of name.</summary>
    public List<ProviderModels> Build()
    {
        LearnKin();
        var all = ProviderMap.All.Select(BuildProvider).ToList();
        FollowMakers(all);
        NameSuccessors(all);
        return all;
    }

    private void LearnKin()
    {
        foreach (var map in ProviderMap.All.Where(m => m.Maker.Length > 0))
        {
            foreach (var model in CanonicalIds.Models(source, map).Where(m => m.Value.TryGetProperty("tool_call", out _)))
            {
                if (Is(Child(model.Value, "litellm"), "parallel_tools"))
                {
                    parallelMakers.Add(map.Maker);
                }

                var family = FamilyOf(names.Of(model.Name, model.Value, map.Maker).Id, model.Value);
                if (family.Length > 0 && CapabilityFacts.Kind(model.Name, model.Value) == ModelKind.Chat
                    && (!kinByFamily.TryGetValue(family, out var kin) || string.CompareOrdinal(Text(kin, "release_date"), Text(model.Value, "release_date")) < 0))
                {
                    kinByFamily[family] = model.Value;
                }
            }
        }
    }

    private JsonElement KinOf(string family) =>
        kinByFamily.TryGetValue(family, out var kin) ? kin : kinByFamily.GetValueOrDefault(lines.LineOf(family));

    private string FamilyOf(string canonical, JsonElement model) => lines.Of(canonical, Text(model, "family"));

    private ProviderModels BuildProvider(ProviderMap map)
    {
        SortedDictionary<string, Deployment> models = new(StringComparer.Ordinal);
        SortedDictionary<string, string> aliases = new(StringComparer.Ordinal);
        SortedDictionary<string, Tombstone> gone = new(StringComparer.Ordinal);
        foreach (var key in map.Keys)
        {
            var provider = source.Providers.GetProperty(key);
            foreach (var model in provider.GetProperty("models").EnumerateObject())
            {
                if (BuildModel(map, provider, model.Name, model.Value) is not { } deployment || !models.TryAdd(model.Name, deployment))
                {
                    continue;
                }

                if (map.Maker.Length > 0 && deployment.Maker == map.Maker && deployment.CanonicalModel != model.Name)
                {
                    aliases[model.Name] = deployment.CanonicalModel;
                }
            }

            foreach (var tombstone in LifecycleFacts.Gone(map.Name, provider, models.Keys.ToHashSet(StringComparer.Ordinal), names))
            {
                gone.TryAdd(tombstone.Model, tombstone);
            }
        }

        OnePriceForOneModel(models);
        NamedOnlyFacts.Mark(models);
        return new(map.Name, [.. models.Values], [.. gone.Values], aliases);
    }

    /// <summary>Two ids of one model at its maker cost the same: where only one has the later price, the other gets it.</summary>
    private static void OnePriceForOneModel(SortedDictionary<string, Deployment> models)
    {
        foreach (var twins in models.Values.Where(m => m.Maker == m.Provider && m.Price is not null).GroupBy(m => m.CanonicalModel).Where(g => g.Count() > 1).ToArray())
        {
            var latest = twins.MaxBy(m => m.Price!.SourceDate)!.Price!;
            foreach (var twin in twins.Where(t => t.Price!.SourceDate < latest.SourceDate))
            {
                models[twin.Model] = twin with { Price = latest with { ServiceTiers = latest.ServiceTiers.Count > 0 ? latest.ServiceTiers : twin.Price!.ServiceTiers } };
            }
        }
    }

    private Deployment? BuildModel(ProviderMap map, JsonElement provider, string id, JsonElement model)
    {
        var kind = CapabilityFacts.Kind(id, model);
        var (canonical, maker) = names.Of(id, model, map.Maker);
        var price = PriceFacts.Of(map, id, maker, model, report) is { } tokens ? ServiceFacts.With(source.Fees, map, maker, model, tokens) : null;
        if (map.Name == "openrouter" && (kind != ModelKind.Chat || price is null || id.StartsWith('~') || id.Contains(':') || id.StartsWith("openrouter/", StringComparison.Ordinal)))
        {
            // Its moving names, free and batch variants and its own routers are not models of the catalog.
            return null;
        }

        if (map.Name == "cloudflare-gateway" && !id.Contains('/'))
        {
            // Its OpenAI-compatible endpoint takes "maker/model" only; the bare ids are those of its pass-through paths.
            return null;
        }

        var family = FamilyOf(canonical, model);
        return new()
        {
            Id = $"{map.Name}/{id}",
            Provider = map.Name,
            Model = id,
            CanonicalModel = canonical,
            Name = Text(model, "name") ?? id,
            Family = family,
            Maker = maker,
            Kind = kind,
            WireFormat = CapabilityFacts.Wire(map.Name, model),
            ContextWindow = Tokens(model, "context"),
            MaxInputTokens = Tokens(model, "max_input"),

            // Of an embedding model the sources give the length of its vectors here.
            MaxOutputTokens = kind == ModelKind.Embedding ? null : Tokens(model, "max_output"),
            Capabilities = CapabilityFacts.Of(map.Name, kind, model, KinOf(family), parallelMakers.Contains(maker) && !family.StartsWith("o-", StringComparison.Ordinal) && family != "o"),
            Price = price,
            Lifecycle = LifecycleFacts.Of(model, provider, id, names) ?? Lifecycle.Unknown,
            Reasoning = CapabilityFacts.Reasoning(model),
            Region = RegionOf(map, id),
            KnowledgeCutoff = Text(model, "knowledge_cutoff") ?? "",
            ReleaseDate = Day(model, "release_date"),
            OpenWeights = Is(model, "open_weights"),
            Sources = Texts(model, "sources"),
        };
    }

    /// <summary>Bedrock's cross-region profiles say in their id where they run.</summary>
    private static string RegionOf(ProviderMap map, string id) => map.Name == "bedrock"
        ? id.Split('.')[0] is "us" or "eu" or "au" or "jp" or "in" or "apac" or "ca" ? id.Split('.')[0] : ""
        : map.Region;

    /// <summary>A closed model that ended at its maker ended at everyone who forwards to the maker.</summary>
    private static void FollowMakers(List<ProviderModels> all)
    {
        Dictionary<string, Lifecycle> ended = new(StringComparer.Ordinal);
        foreach (var map in ProviderMap.All.Where(m => m.Maker.Length > 0))
        {
            foreach (var model in all.Single(p => p.Name == map.Name).Models)
            {
                if (model.Maker == map.Maker && model.Lifecycle.RetiresOn is not null)
                {
                    ended.TryAdd(model.CanonicalModel, model.Lifecycle);
                }
            }

            foreach (var gone in all.Single(p => p.Name == map.Name).Gone.Where(g => g.Lifecycle.RetiresOn is not null))
            {
                ended.TryAdd(CanonicalName.Bare(gone.Model), gone.Lifecycle);
                foreach (var alias in gone.Aliases)
                {
                    ended.TryAdd(CanonicalName.Bare(alias), gone.Lifecycle);
                }
            }
        }

        foreach (var map in ProviderMap.All.Where(m => m.FollowsMaker))
        {
            var models = all.Single(p => p.Name == map.Name).Models;
            for (var i = 0; i < models.Count; i++)
            {
                if (!models[i].OpenWeights && models[i].Lifecycle == Lifecycle.Unknown && models[i].Maker is "openai" or "anthropic" or "google" or "xai" or "mistral"
                    && ended.TryGetValue(models[i].CanonicalModel, out var lifecycle))
                {
                    models[i] = models[i] with { Lifecycle = lifecycle };
                }
            }
        }
    }

    /// <summary>Where the maker names no successor, the newest living model of the same line is one.</summary>
    private void NameSuccessors(List<ProviderModels> all)
    {
        foreach (var provider in all)
        {
            var map = ProviderMap.All.Single(m => m.Name == provider.Name);
            var maker = map.Maker.Length > 0 ? provider.Name : "";
            for (var i = 0; i < provider.Models.Count; i++)
            {
                var model = provider.Models[i];
                model = provider.Models[i] = model with { Lifecycle = OwnNames(model.Lifecycle, provider) };
                if (NewestOfLine(all, maker, model.Lifecycle, model.CanonicalModel, model.Family, model.Model) is { } newest)
                {
                    provider.Models[i] = model with { Lifecycle = model.Lifecycle with { Successors = [newest], SuccessorsInferred = true } };
                }
            }

            for (var i = 0; i < provider.Gone.Count; i++)
            {
                var gone = provider.Gone[i];
                gone = provider.Gone[i] = gone with { Lifecycle = OwnNames(gone.Lifecycle, provider) };
                var name = names.OfName(gone.Model);
                if (NewestOfLine(all, maker, gone.Lifecycle, name, lines.Of(name, null), gone.Model) is { } newest)
                {
                    provider.Gone[i] = gone with { Lifecycle = gone.Lifecycle with { Successors = [newest], SuccessorsInferred = true } };
                }
            }
        }
    }

    /// <summary>A successor that the provider lists under that id means the model which that id stands for now.</summary>
    private static Lifecycle OwnNames(Lifecycle life, ProviderModels provider)
    {
        var own = life.Successors.Select(s => provider.Models.Find(m => m.Model == s)?.CanonicalModel ?? s).ToArray();
        return own.SequenceEqual(life.Successors) ? life : life with { Successors = own };
    }

    private string? NewestOfLine(List<ProviderModels> all, string provider, Lifecycle life, string canonical, string family, string id)
    {
        var ends = life.Status is ModelStatus.Deprecated or ModelStatus.Retired || life.RetiresOn is not null;
        if (!ends || life.Successors.Count > 0 || !lines.Knows(canonical) || family.Length == 0)
        {
            return null;
        }

        var line = lines.LineOf(family);
        return all.Where(p => provider.Length == 0 || p.Name == provider)
            .SelectMany(p => p.Models)
            .Where(m => m.Kind == ModelKind.Chat && m.Price is not null && lines.Knows(m.CanonicalModel) && lines.LineOf(m.Family) == line
                && m.Model != id && !m.Model.EndsWith("-latest", StringComparison.Ordinal) && m.Lifecycle.At(CatalogBuild.Today) == ModelStatus.Active && m.Lifecycle.RetiresOn is null)
            .OrderByDescending(m => FirstSeen(m))
            .ThenBy(m => m.CanonicalModel, StringComparer.Ordinal)
            .FirstOrDefault()?.CanonicalModel;
    }

    /// <summary>The day of release; for a model that only the later source knows, the day of that source.</summary>
    public static DateOnly FirstSeen(Deployment model) =>
        model.ReleaseDate ?? (model.Sources.Contains("pi-ai") ? new DateOnly(2026, 11, 10) : DateOnly.MinValue);
}
