using Sommelier.Canonical;

namespace Sommelier.Training;

/// <summary>The prompts written for this project: Corpus/&lt;language&gt;.txt, one prompt a line under its intent's heading.</summary>
internal static class OwnCorpus
{
    public const string SourcePrefix = "own_";

    public static List<Row> ReadAll()
    {
        var rows = new List<Row>();
        foreach (var path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*.txt").Order(StringComparer.Ordinal))
        {
            rows.AddRange(ReadFile(path));
        }

        return rows;
    }

    private static IEnumerable<Row> ReadFile(string path)
    {
        var language = Path.GetFileNameWithoutExtension(path);
        Intent? intent = null;
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                intent = Intents.TryParse(line[2..].Trim(), out var parsed)
                    ? parsed
                    : throw new InvalidDataException($"{path}:{number}: '{line[2..]}' is no intent.");
            }
            else if (line.Length > 0)
            {
                yield return new Row
                {
                    Text = line.Replace("\\n", "\n", StringComparison.Ordinal),
                    Label = intent ?? throw new InvalidDataException($"{path}:{number}: a prompt before the first '# intent' heading."),
                    Language = language,
                    Source = SourcePrefix + language,
                    Natural = true,
                    Group = $"{SourcePrefix}{language}:{number}",
                    MayTrain = true,
                };
            }
        }
    }
}
