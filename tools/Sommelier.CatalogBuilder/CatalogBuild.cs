using Sommelier.CatalogBuilder.Facts;
using Sommelier.CatalogBuilder.Quality;


namespace Sommelier.CatalogBuilder;

/// <summary>The whole build, in memory: file name to bytes.</summary>
public static class CatalogBuild
{
    /// <summary>The day for which the catalog is built: a model with a shutdown date before it needs no successor of its own.</summary>
    public static readonly DateOnly Today = new(2026, 11, 23);

    /// <summary>Reads the data folder and returns every file that ships.</summary>
    public static SortedDictionary<string, byte[]> Run(string data, TextWriter report)
    {
        var source = SourceCatalog.Open(data);
        var lines = FamilyLines.Load();
        var names = new CanonicalIds(source);
        var facts = new FactBuilder(source, names, lines, report).Build();
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (var provider in facts)
        {
            files[$"{provider.Name}.json"] = ProviderWriter.Write(provider, source);
            report.WriteLine($"{provider.Name,-18} {provider.Models.Count,4} models {provider.Gone.Count,4} retired {files[$"{provider.Name}.json"].Length,8} bytes");
        }

        files["quality.json"] = QualityBuild.Run(data, facts, lines, report);
        return files;
    }
}
