using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>Names that a mistyped one may have meant.</summary>
internal static class CloseMatches
{
    private const int Most = 3;
    private const int LongestName = 128;

    /// <summary>Up to three names, the closest first; empty when nothing is near.</summary>
    public static IReadOnlyList<string> Of(string name, CatalogSnapshot catalog)
    {
        if (name.Length is 0 or > LongestName)
        {
            return [];
        }

        var names = new HashSet<string>(StringComparer.Ordinal) { ModelNames.Auto };
        names.UnionWith(catalog.Aliases.Keys);
        foreach (var deployment in catalog.Deployments)
        {
            names.Add(deployment.CanonicalModel);
            names.Add(deployment.Id);
        }

        return
        [
            .. names.Where(n => n.Length <= LongestName)
                .Select(n => (Name: n, Distance: Distance(name, n)))
                .Where(m => m.Distance <= Math.Max(2, name.Length / 3) || m.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
                .OrderBy(m => m.Distance).ThenBy(m => m.Name, StringComparer.Ordinal)
                .Take(Most).Select(m => m.Name),
        ];
    }

    /// <summary>Insertions, deletions and replacements from one name to the other, case aside (Levenshtein, two rows).</summary>
    internal static int Distance(string a, string b)
    {
        Span<int> above = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            above[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                row[j] = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (same ? 0 : 1));
            }

            row.CopyTo(above);
        }

        return above[b.Length];
    }
}
