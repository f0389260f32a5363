using System.Collections.Concurrent;

namespace Sommelier.Catalog;

/// <summary>The catalog that ships inside the assembly: one file per provider, read when it is first asked for.</summary>
public static class BundledCatalog
{
    private const string Prefix = "Sommelier.Catalog.Data.";

    private static readonly ConcurrentDictionary<string, ProviderFacts> Read = new(StringComparer.Ordinal);

    private static readonly Lazy<string[]> Names = new(FindNames);

    private static readonly Lazy<QualityTable> Table = new(() => QualityJson.Read(Bytes("quality")));

    /// <summary>The providers that facts are known of, in order of name.</summary>
    public static IReadOnlyList<string> Providers => Names.Value;

    /// <summary>Public benchmark scores as the prior of every model's quality: docs/catalog.md says how it comes about.</summary>
    public static QualityTable Quality => Table.Value;

    /// <summary>What is known of a provider's models; empty for a provider that nothing is known of.</summary>
    public static ProviderFacts Provider(string name) =>
        Read.GetOrAdd(name, static n => Array.BinarySearch(Names.Value, n, StringComparer.Ordinal) < 0 ? ProviderFacts.Nothing : ReadProvider(n));

    /// <summary>A snapshot of the chat, embedding and other models of some providers.</summary>
    /// <param name="providers">Their names; null: all.</param>
    public static CatalogSnapshot Load(IEnumerable<string>? providers = null)
    {
        var facts = (providers ?? Providers).Select(Provider).ToArray();
        Dictionary<string, string> aliases = new(StringComparer.Ordinal);
        foreach (var (alias, target) in facts.SelectMany(f => f.Aliases))
        {
            aliases.TryAdd(alias, target);
        }

        return CatalogSnapshot.Create(facts.SelectMany(f => f.Deployments), aliases, Quality, facts.SelectMany(f => f.Tombstones));
    }

    private static ProviderFacts ReadProvider(string name)
    {
        var (deployments, tombstones, aliases) = CatalogJson.Read(Bytes(name));
        return new(deployments, tombstones, aliases);
    }

    private static ReadOnlyMemory<byte> Bytes(string name)
    {
        using var stream = typeof(BundledCatalog).Assembly.GetManifestResourceStream($"{Prefix}{name}.json")
            ?? throw new InvalidOperationException($"The catalog file '{name}.json' is not in the assembly; build tools/Sommelier.CatalogBuilder's output again.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string[] FindNames()
    {
        var names = typeof(BundledCatalog).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(".json", StringComparison.Ordinal))
            .Select(n => n[Prefix.Length..^".json".Length])
            .Where(n => !string.Equals(n, "quality", StringComparison.Ordinal))
            .ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
