namespace Sommelier.Training;

/// <summary>
/// Own prompts that train a second time inside a frame, as harnesses and scripts send them ("Question: … Answer:"): what stands around
/// prompts of every intent names none, and no longer leads the sums where a whole source is framed alike.
/// </summary>
internal static class Frames
{
    /// <summary>Every so many prompts one is framed.</summary>
    private const int Every = 3;

    private const string AnyLanguage = "en";

    /// <summary>Gives every third own single-turn prompt that trains its framed copy, by turns of the frames of its language.</summary>
    public static List<Row> Set(IEnumerable<Row> own)
    {
        var frames = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "frames.txt"))
            .Where(line => line is not ['#', ..])
            .Select(line => line.Split(' ', 2))
            .ToLookup(words => words[0], words => words[1].Replace("\\n", "\n", StringComparison.Ordinal));
        var framed = new List<Row>();
        foreach (var (i, row) in own.Where(row => !row.Aside && row.Before.Count == 0).Index())
        {
            if (i % Every == 0)
            {
                string[] fitting = [.. frames[frames.Contains(row.Language) ? row.Language : AnyLanguage]];
                var frame = fitting[framed.Count % fitting.Length];
                row.Framed = row.With(frame.Replace("{}", row.Text, StringComparison.Ordinal));
                framed.Add(row.Framed);
            }
        }

        return framed;
    }
}
