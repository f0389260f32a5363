using System.IO.Compression;
using System.Text;

namespace Sommelier.RouterBenchmark.Outcomes;

/// <summary>Reads outcome files: docs/outcome-files.md.</summary>
internal static class OutcomeReader
{
    /// <summary>Who scored fewer of the questions is not in the pool; questions that one of the pool did not answer are left out.</summary>
    public const double LeastScored = 0.99;

    private const int MostProblems = 20;

    /// <summary>The outcome files among files and folders, by name. Of a folder, what has a <c>.meta.json</c> or is a file of pairs.</summary>
    /// <exception cref="OutcomeException">There is no such file or folder, or nothing in it.</exception>
    public static IReadOnlyList<string> Files(IEnumerable<string> paths)
    {
        List<string> files = [];
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                var found = Directory.EnumerateFiles(path).Where(IsData).Where(f => OutcomeMeta.Find(f) is not null || HasPairs(f)).ToList();
                files.AddRange(found.Count > 0 ? found : throw new OutcomeException([$"{path}: there is no outcome file in this folder. An outcome file is NAME.jsonl or NAME.jsonl.gz beside a NAME.meta.json."]));
            }
            else
            {
                files.Add(File.Exists(path) ? path : throw new OutcomeException([$"{path}: there is no such file or folder."]));
            }
        }

        return [.. files.Distinct(StringComparer.Ordinal).OrderBy(Name, StringComparer.Ordinal)];
    }

    /// <summary>Reads a file: one set, or one per benchmark for a file of pairs.</summary>
    /// <param name="file">The file.</param>
    /// <param name="pool">The models to choose among; null: those that scored enough of the questions.</param>
    /// <exception cref="OutcomeException">Rows cannot be used.</exception>
    public static IReadOnlyList<OutcomeSet> Read(string file, IReadOnlyList<string>? pool = null)
    {
        var meta = OutcomeMeta.Find(file);
        var pairs = HasPairs(file);
        if (meta is null && !pairs)
        {
            throw new OutcomeException([$"{file}: there is no {Name(file)}.meta.json beside it. Write one with the models' names: {{\"models\": [\"a\", \"b\"]}}."]);
        }

        var rows = Rows(file, meta);
        return pairs
            ? [.. rows.GroupBy(r => r.Bench ?? "", StringComparer.Ordinal).Select(g => OutcomeAssembly.Pair(g.Key.Length > 0 ? $"{Name(file)}/{g.Key}" : Name(file), meta, [.. g]))]
            : [OutcomeAssembly.Pool(Name(file), meta!, rows, pool)];
    }

    private static List<RawRow> Rows(string file, OutcomeMeta? meta)
    {
        List<RawRow> rows = [];
        List<string> problems = [];
        foreach (var (line, text) in Lines(file))
        {
            try
            {
                var row = RawRow.Read(text, meta);
                Check(row);
                rows.Add(row);
            }
            catch (FormatException problem)
            {
                problems.Add($"{file}:{line}: {problem.Message}");
                if (problems.Count == MostProblems)
                {
                    problems.Add($"{file}: there may be more; these are the first {MostProblems}.");
                    break;
                }
            }
        }

        return problems.Count > 0 ? throw new OutcomeException(problems)
            : rows.Count > 0 ? rows
            : throw new OutcomeException([$"{file}: there are no rows in it."]);
    }

    private static void Check(RawRow row)
    {
        // A pair's scores may be grades up to ten; a scorer may take off a little for a format.
        var most = row.Bench is null ? 1 : 10;
        if (Array.Exists(row.Scores, s => s < -0.1 || s > most))
        {
            throw new FormatException($"a score lies outside 0 to {most}. Scale scores to 0 (wrong) to 1 (right).");
        }

        if (row.Costs is { } costs && Array.Exists(costs, c => c < 0))
        {
            throw new FormatException("'c' has a cost under 0. Give USD per question, null where nobody knows.");
        }
    }

    private static IEnumerable<(int Line, string Text)> Lines(string file)
    {
        using var stream = File.OpenRead(file);
        using Stream plain = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var reader = new StreamReader(plain, Encoding.UTF8);
        var line = 0;
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return (line, text);
            }
        }
    }

    private static bool HasPairs(string file)
    {
        var (_, first) = Lines(file).FirstOrDefault();
        return first is not null && first.Contains("\"weak\"", StringComparison.Ordinal) && first.Contains("\"strong\"", StringComparison.Ordinal);
    }

    private static bool IsData(string file) => file.EndsWith(".jsonl", StringComparison.Ordinal) || file.EndsWith(".jsonl.gz", StringComparison.Ordinal);

    /// <summary>A file's name without folder and endings.</summary>
    public static string Name(string file) => Path.GetFileName(file).Split(".jsonl")[0];
}
