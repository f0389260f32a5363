using System.Text.Json;
using System.Text.RegularExpressions;
using Sommelier.Catalog;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>Finds the maker's own id of a model, wherever it is hosted and however it is spelled.</summary>
public sealed partial class CanonicalIds
{
    private readonly Dictionary<string, (string Id, string Maker)> known = new(StringComparer.Ordinal);

    /// <summary>Learns the canonical ids that the source gives and the ids of the makers' own platforms.</summary>
    public CanonicalIds(SourceCatalog source)
    {
        foreach (var map in ProviderMap.All.Where(m => m.Maker.Length > 0))
        {
            foreach (var model in Models(source, map))
            {
                var (maker, id) = Given(model.Value) ?? (map.Maker, model.Name.ToLowerInvariant());
                Learn(id, maker);

                // A moving name of the maker ("gpt-daybreak-blue-latest") means the same wherever it is hosted.
                known.TryAdd(CanonicalName.Key(model.Name), (id, maker));
            }
        }

        foreach (var provider in source.Providers.EnumerateObject())
        {
            foreach (var model in provider.Value.GetProperty("models").EnumerateObject())
            {
                if (Given(model.Value) is var (maker, id))
                {
                    Learn(id, maker);
                }
            }
        }
    }

    /// <summary>The canonical id and the maker of a model; the maker is empty when nobody says.</summary>
    public (string Id, string Maker) Of(string id, JsonElement model, string hostMaker)
    {
        if (Given(model) is var (maker, given))
        {
            // "claude-opus-4-5-20251101" and "claude-opus-4-5" are one model at two spellings; keep the undated one.
            return Undated(given) is { } undated ? known[undated] : (given, maker);
        }

        var name = CanonicalName.Bare(id);
        if (hostMaker.Length > 0 && Undated(name) is null)
        {
            return known.TryGetValue(CanonicalName.Key(name), out var own) ? own : (name, hostMaker);
        }

        return Undated(name) is { } key ? known[key]
            : known.TryGetValue(CanonicalName.Key(name), out var found) ? found
            : (name, id.LastIndexOf('/') is > 0 and var slash ? ProviderMap.MakerName(id[..slash].Split('/')[^1].TrimStart('@', '~')) : "");
    }

    /// <summary>The canonical id that a successor's name means.</summary>
    public string OfName(string name) => Of(name, default, "").Id;

    internal static IEnumerable<JsonProperty> Models(SourceCatalog source, ProviderMap map) =>
        map.Keys.SelectMany(k => source.Providers.GetProperty(k).GetProperty("models").EnumerateObject());

    private string? Undated(string name)
    {
        var match = Date().Match(name);
        if (!match.Success)
        {
            return null;
        }

        var key = CanonicalName.Key(name[..match.Index]);
        return known.ContainsKey(key) ? key : null;
    }

    private static (string Maker, string Id)? Given(JsonElement model)
    {
        if (SourceCatalog.Text(model, "canonical_model_id") is not { } given)
        {
            return null;
        }

        var slash = given.IndexOf('/', StringComparison.Ordinal);
        return (ProviderMap.MakerName(given[..slash]), given[(slash + 1)..].ToLowerInvariant());
    }

    private void Learn(string id, string maker)
    {
        if (Undated(id) is null)
        {
            known.TryAdd(CanonicalName.Key(id), (id, maker));
        }
    }

    /// <summary>Anthropic's dates. OpenAI's (2024-08-06) name other models and stay.</summary>
    [GeneratedRegex(@"-20\d{6}$")]
    private static partial Regex Date();
}
