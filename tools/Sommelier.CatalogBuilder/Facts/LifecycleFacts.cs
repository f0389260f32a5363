using System.Text.Json;
using System.Text.RegularExpressions;
using Sommelier.Catalog;
using static Sommelier.CatalogBuilder.Facts.SourceCatalog;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>Status, dates and successors, from the sources' several shapes.</summary>
public static partial class LifecycleFacts
{
    /// <summary>The lifecycle of a listed model, or null when nobody says anything.</summary>
    public static Lifecycle? Of(JsonElement model, JsonElement provider, string id, CanonicalIds names)
    {
        var life = Child(model, "lifecycle");
        if (life.ValueKind == JsonValueKind.Object)
        {
            var read = Read(life, names, Text(model, "status"));
            var row = Child(Child(provider, "lifecycle_table"), id);
            return read.Successors.Count == 0 && row.ValueKind == JsonValueKind.Object
                ? read with { Successors = ReadRow(row, names).Successors }
                : read;
        }

        // OpenAI's SDK documents dates that the watch pages had not yet when they were read.
        var told = Child(Child(provider, "openai_sdk_shutdown_dates"), id);
        if (told.ValueKind == JsonValueKind.String)
        {
            return new() { Status = ModelStatus.Deprecated, RetiresOn = DateOnly.Parse(told.GetString()!), LastVerified = DateOf("openai-node") };
        }

        return Text(model, "status") switch
        {
            "deprecated" => new() { Status = ModelStatus.Deprecated, LastVerified = DateOf("models.dev") },
            "beta" or "alpha" => new() { Status = ModelStatus.Preview, LastVerified = DateOf("models.dev") },
            _ => null,
        };
    }

    /// <summary>Tombstones: models that a provider's lifecycle pages name and its list does not.</summary>
    public static IEnumerable<Tombstone> Gone(string provider, JsonElement source, IReadOnlySet<string> listed, CanonicalIds names)
    {
        foreach (var gone in Properties(source, "lifecycle_only"))
        {
            var life = Read(gone.Value, names, null);
            if (life.Status is ModelStatus.Deprecated or ModelStatus.Retired && !listed.Contains(gone.Name))
            {
                yield return new() { Provider = provider, Model = gone.Name, Aliases = Texts(gone.Value, "aliases"), Lifecycle = life };
            }
        }

        foreach (var told in Properties(source, "openai_sdk_shutdown_dates"))
        {
            if (!listed.Contains(told.Name))
            {
                yield return new()
                {
                    Provider = provider,
                    Model = told.Name,
                    Lifecycle = new() { Status = ModelStatus.Deprecated, RetiresOn = DateOnly.Parse(told.Value.GetString()!), LastVerified = DateOf("openai-node") },
                };
            }
        }

        foreach (var row in Properties(source, "lifecycle_table"))
        {
            if (!listed.Contains(row.Name))
            {
                yield return new() { Provider = provider, Model = row.Name, Lifecycle = ReadRow(row.Value, names) };
            }
        }
    }

    private static Lifecycle Read(JsonElement life, CanonicalIds names, string? listStatus)
    {
        if (Child(life, "per_region") is { ValueKind: JsonValueKind.Array } regions)
        {
            return ReadRegions(regions);
        }

        var retires = Day(life, "shutdown_on");
        return new()
        {
            Status = Text(life, "status") switch
            {
                "retired" => ModelStatus.Retired,
                "deprecated" => ModelStatus.Deprecated,
                "preview" or "beta" => ModelStatus.Preview,
                // A date of its end is a deprecation, whatever the status field still says.
                _ when retires is not null || listStatus == "deprecated" => ModelStatus.Deprecated,
                _ => ModelStatus.Active,
            },
            DeprecatedOn = Day(life, "deprecated_on") ?? Day(life, "shutdown_on_litellm"),
            RetiresOn = retires,
            EarliestRetiresOn = Day(life, "earliest_shutdown_on"),
            Successors = Successors(Texts(life, "replacements"), names),
            Source = Text(life, "source_url") is { } url ? new Uri(url) : PageOf(Text(life, "source")),
            LastVerified = Day(life, "last_verified") ?? DateOf(Text(life, "source")?.StartsWith("groq", StringComparison.Ordinal) == true ? "provider-pages" : "litellm"),
        };
    }

    private static Lifecycle ReadRow(JsonElement row, CanonicalIds names) => row.ValueKind == JsonValueKind.Array
        ? ReadRegions(row)
        : new()
        {
            Status = ModelStatus.Deprecated,
            DeprecatedOn = Day(row, "deprecated_on"),
            RetiresOn = Day(row, "shutdown_on"),
            Successors = Successors(ModelName().Matches(Text(row, "replacement") ?? "").Select(m => m.Value).ToArray(), names),
            Source = Text(row, "source_url") is { } url ? new Uri(url) : null,
            LastVerified = DateOf("provider-pages"),
        };

    /// <summary>Bedrock ends a model region by region: it is deprecated with the first and retired with the last.</summary>
    private static Lifecycle ReadRegions(JsonElement regions) => new()
    {
        Status = ModelStatus.Deprecated,
        DeprecatedOn = regions.EnumerateArray().Min(r => Day(r, "legacy_on")),
        RetiresOn = regions.EnumerateArray().Max(r => Day(r, "eol_on")),
        Source = new Uri("https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html"),
        LastVerified = DateOf("provider-pages"),
    };

    /// <summary>A star marks the maker's own recommendation: it comes first.</summary>
    private static string[] Successors(string[] written, CanonicalIds names) => written
        .OrderBy(w => w.EndsWith('*') ? 0 : 1)
        .Select(w => names.OfName(w.TrimEnd('*')))
        .Distinct(StringComparer.Ordinal)
        .ToArray();

    private static Uri? PageOf(string? source) => source?.StartsWith("groq", StringComparison.Ordinal) == true
        ? new Uri("https://console.groq.com/docs/deprecations")
        : null;

    private static DateOnly DateOf(string source) => DateOnly.Parse(Sources[IndexOf(source)].Date);

    private static IEnumerable<JsonProperty> Properties(JsonElement of, string name) =>
        Child(of, name) is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject() : [];

    [GeneratedRegex(@"[\w./-]*\d[\w./-]*")]
    private static partial Regex ModelName();
}
