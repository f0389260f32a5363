using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.Promptfoo;

/// <summary>The files that a configuration names, relative to its folder.</summary>
/// <param name="folder">The configuration's folder.</param>
/// <param name="output">The suite's folder.</param>
internal sealed class PromptfooFiles(string folder, string output)
{
    /// <summary>Stands before the name of a file.</summary>
    public const string Prefix = "file://";

    /// <summary>Whether a text names a file.</summary>
    public static bool IsFile(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a file is a script of JavaScript.</summary>
    public static bool IsScript(string path) => Path.GetExtension(path) is ".js" or ".cjs" or ".mjs";

    /// <summary>The files that a name or pattern with an asterisk in its last part means, in order; empty when there is none.</summary>
    public IReadOnlyList<string> Find(string reference)
    {
        var path = Full(reference);
        if (!path.Contains('*', StringComparison.Ordinal))
        {
            return File.Exists(path) ? [path] : [];
        }

        var parent = Path.GetDirectoryName(path)!;
        return !parent.Contains('*', StringComparison.Ordinal) && Directory.Exists(parent)
            ? [.. Directory.EnumerateFiles(parent, Path.GetFileName(path)).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>A file as it is named from the suite's folder.</summary>
    public string FromSuite(string reference) => Path.GetRelativePath(output, Full(reference)).Replace('\\', '/');

    /// <summary>A file's place.</summary>
    public string Full(string reference) => Path.GetFullPath(Path.Combine(folder, IsFile(reference) ? reference[Prefix.Length..] : reference));

    /// <summary>What a file holds: JSON and YAML as such, anything else as a text.</summary>
    /// <exception cref="ImportException">It cannot be read.</exception>
    public JsonNode? Load(string reference)
    {
        var path = Full(reference);
        var text = JsonTexts.Read(path);
        return Path.GetExtension(path) is ".json" or ".yaml" or ".yml" ? JsonTexts.Parse(text, path) : JsonValue.Create(text.TrimEnd('\n'));
    }
}
