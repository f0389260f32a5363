using System.Globalization;
using Sommelier.Configuration;
using Sommelier.Configuration.Yaml;

namespace Sommelier.Evals.Importing;

/// <summary>The lines of files that notes are about, found by their places in YAML and JSON.</summary>
internal static class NoteLines
{
    /// <summary>The notes with their lines, where these can be told.</summary>
    /// <param name="notes">Notes with places like <c>tests[2].assert[0]</c>.</param>
    /// <param name="source">The file that was imported: others are looked for beside it.</param>
    public static IReadOnlyList<ImportNote> Of(IReadOnlyList<ImportNote> notes, string source)
    {
        var trees = new Dictionary<string, YamlTree?>(StringComparer.Ordinal);
        return [.. notes.Select(note => note with { Line = note.Path.Length > 0 ? Line(Tree(note.File), note.Path) : 0 })];

        YamlTree? Tree(string file)
        {
            if (!trees.TryGetValue(file, out var tree))
            {
                var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(source))!, file);
                trees[file] = tree = Path.GetExtension(file).ToLowerInvariant() is ".yaml" or ".yml" or ".json" ? Read(File.Exists(beside) ? beside : file) : null;
            }

            return tree;
        }
    }

    private static YamlTree? Read(string path)
    {
        try
        {
            var problems = new List<ConfigProblem>();
            var tree = YamlTreeReader.Read(File.ReadAllText(path), path, problems, out _);
            return problems.Count == 0 ? tree : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It was read a moment ago; a note without its line is a note still.
            return null;
        }
    }

    // The line of the place or, where the last of it is not written down, of what it would stand in; 0 where nothing of it is there.
    private static int Line(YamlTree? tree, string path)
    {
        var line = 0;
        foreach (var step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (tree)
            {
                case YamlMap map when map.Entries.Find(entry => string.Equals(entry.Key, step, StringComparison.Ordinal)) is { } entry:
                    (tree, line) = (entry.Value, entry.Position.Line);
                    break;
                case YamlList list when step is ['[', .. var number, ']'] && int.TryParse(number, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count:
                    tree = list.Items[index];
                    line = tree.Position.Line;
                    break;
                default:
                    return line;
            }
        }

        return line;
    }
}
