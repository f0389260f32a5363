using Sommelier.Catalog;

namespace Sommelier.Server.Cli;

/// <summary>Finds the names of known models in texts: source code, configurations of other tools, documents.</summary>
internal static class PinScan
{
    private const long MaxFileBytes = 4 * 1024 * 1024;

    private static readonly string[] Skipped = [".git", ".hg", "node_modules", "bin", "obj", "artifacts", ".venv", "target", "dist"];

    /// <summary>Every known name in the files, and in all files under the folders, with file and line.</summary>
    /// <exception cref="CliException">A file or folder does not exist or cannot be read.</exception>
    public static IReadOnlyList<PinnedName> Files(IEnumerable<string> paths, CatalogSnapshot catalog)
    {
        var found = new List<PinnedName>();
        foreach (var path in paths)
        {
            try
            {
                foreach (var file in Directory.Exists(path) ? Under(path) : [path])
                {
                    var text = File.ReadAllText(file);
                    if (!text.AsSpan(0, Math.Min(text.Length, 8000)).Contains('\0'))
                    {
                        Text(text, file, catalog, found);
                    }
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CliException($"'{path}' cannot be read: {failure.Message}");
            }
        }

        return found;
    }

    /// <summary>Adds every known name in a text, once per line.</summary>
    internal static void Text(string text, string file, CatalogSnapshot catalog, List<PinnedName> found)
    {
        var line = 1;
        var seen = new HashSet<(int, string)>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                line++;
            }
            else if (IsPart(text[i]))
            {
                var end = i;
                while (end < text.Length && IsPart(text[end]))
                {
                    end++;
                }

                var name = text[i..end].Trim('.', ':', '/', '-', '@');
                if (IsTelling(name, quoted: i > 0 && text[i - 1] is '"' or '\'' or '`') && IsKnown(name, catalog) && seen.Add((line, name)))
                {
                    found.Add(new(name, $"{file}:{line}"));
                }

                i = end - 1;
            }
        }
    }

    // A word such as "o1" or "auto" is a model only where somebody quotes it; "gpt-4o-mini" is one anywhere.
    private static bool IsTelling(string name, bool quoted) =>
        name.Length is > 1 and < 120 && name.Any(char.IsAsciiDigit) && (quoted || name.Contains('-', StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal));

    private static bool IsKnown(string name, CatalogSnapshot catalog) => catalog.Resolve(name).Count > 0 || catalog.FindTombstone(name) is not null;

    private static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '/' or ':' or '@';

    private static IEnumerable<string> Under(string folder)
    {
        var files = Directory.EnumerateFiles(folder).Where(file => new FileInfo(file).Length <= MaxFileBytes);
        var folders = Directory.EnumerateDirectories(folder).Where(inner => !Skipped.Contains(Path.GetFileName(inner), StringComparer.Ordinal) && new DirectoryInfo(inner).LinkTarget is null);
        return files.Concat(folders.SelectMany(Under)).Order(StringComparer.Ordinal);
    }
}
