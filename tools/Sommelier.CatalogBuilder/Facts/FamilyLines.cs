using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>Families by pattern, and which family a family continues: families.json, read by people and by this.</summary>
public sealed class FamilyLines
{
    private readonly List<(Regex Pattern, string Family)> patterns = [];
    private readonly Dictionary<string, string> continues = new(StringComparer.Ordinal);

    /// <summary>Reads the table beside this tool.</summary>
    public static FamilyLines Load()
    {
        using var stream = typeof(FamilyLines).Assembly.GetManifestResourceStream("families.json")!;
        using var document = JsonDocument.Parse(stream, new() { CommentHandling = JsonCommentHandling.Skip });
        var lines = new FamilyLines();
        foreach (var row in document.RootElement.GetProperty("families").EnumerateArray())
        {
            var family = row.GetProperty("family").GetString()!;
            lines.patterns.Add((new Regex($"^(?:{row.GetProperty("pattern").GetString()})$", RegexOptions.CultureInvariant), family));
            if (SourceCatalog.Text(row, "continues") is { } before)
            {
                lines.continues[family] = before;
            }
        }

        return lines;
    }

    /// <summary>The family of a canonical id: the table's, else what the source says, else empty.</summary>
    public string Of(string canonical, string? given)
    {
        foreach (var (pattern, family) in patterns)
        {
            if (pattern.IsMatch(canonical))
            {
                return family;
            }
        }

        return given ?? "";
    }

    /// <summary>Whether the table itself knows the model: only then may its line be used to infer things.</summary>
    public bool Knows(string canonical) => patterns.Any(p => p.Pattern.IsMatch(canonical));

    /// <summary>The line of a family: the first family of the chain that it continues.</summary>
    public string LineOf(string family)
    {
        while (continues.TryGetValue(family, out var before))
        {
            family = before;
        }

        return family;
    }
}
