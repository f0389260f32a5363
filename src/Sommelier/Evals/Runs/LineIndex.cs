namespace Sommelier.Evals.Runs;

/// <summary>Where the lines of logs lie, by a key of theirs; a line is read when it is wanted. The last line of a key counts.</summary>
/// <param name="keyOf">The key of a line; null for a line that is not wanted.</param>
internal sealed class LineIndex(LineIndex.KeyOf keyOf)
{
    private readonly Dictionary<string, (string File, long Offset, int Length)> places = new(StringComparer.Ordinal);

    /// <summary>The key of a line; null for a line that is not wanted.</summary>
    public delegate string? KeyOf(ReadOnlySpan<byte> line);

    /// <summary>Adds all lines of the files of one name in or below some folders.</summary>
    public void Add(IEnumerable<string> folders, string name)
    {
        foreach (var file in folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories).Order(StringComparer.Ordinal)))
        {
            foreach (var (offset, line) in LineLog.Read(file))
            {
                if (keyOf(line.Span) is { } key)
                {
                    places[key] = (file, offset, line.Length);
                }
            }
        }
    }

    /// <summary>Whether there is a line.</summary>
    public bool Holds(string key) => places.ContainsKey(key);

    /// <summary>The line of a key; null when there is none, or none any more.</summary>
    public byte[]? Find(string key)
    {
        if (!places.TryGetValue(key, out var place))
        {
            return null;
        }

        try
        {
            using var file = File.OpenHandle(place.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var line = new byte[place.Length];
            return RandomAccess.Read(file, line, place.Offset) == line.Length ? line : null;
        }
        catch (IOException)
        {
            // The run was removed meanwhile; what it knew is asked again.
            return null;
        }
    }
}
