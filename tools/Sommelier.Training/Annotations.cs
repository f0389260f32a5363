using System.Globalization;
using System.Security.Cryptography;
using Sommelier.Canonical;

namespace Sommelier.Training;

/// <summary>What readers said of public rows, blind to the source's label and to any model; docs/labelling.md has the how.</summary>
/// <remarks>
/// annotations.txt: the SHA-256 of the rows file it belongs to, then lines <c>NUMBER READER label [second]</c>, where NUMBER stands in
/// the row's id and <c>second</c> is a label that would do as well. The reader <c>s</c> settles what two readers disagreed on.
/// </remarks>
internal sealed class Annotations
{
    public const char Settler = 's';

    private readonly Dictionary<int, List<Reading>> _readings = [];

    private Annotations(string rowsSha256) => RowsSha256 = rowsSha256;

    /// <summary>One reader's word on one row.</summary>
    internal readonly record struct Reading(char Reader, Intent Label, Intent? Second);

    public string RowsSha256 { get; }

    /// <summary>The readings of every row that was read, by the row's number.</summary>
    public IReadOnlyDictionary<int, List<Reading>> Rows => _readings;

    public static Annotations ReadShared() => Read(Path.Combine(AppContext.BaseDirectory, "annotations.txt"));

    /// <exception cref="InvalidDataException">A line is malformed, or a disagreement is not settled; the message names it.</exception>
    public static Annotations Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var result = new Annotations(lines[0].Trim());
        for (var i = 1; i < lines.Length; i++)
        {
            if (!result.Add(lines[i].Split(' ')))
            {
                throw new InvalidDataException($"{path}:{i + 1}: '{lines[i]}' is not NUMBER READER label [second].");
            }
        }

        foreach (var (number, readings) in result._readings)
        {
            if (readings.TrueForAll(reading => reading.Reader != Settler) && readings.DistinctBy(reading => reading.Label).Count() > 1)
            {
                throw new InvalidDataException($"{path}: the readers disagree on row {number}, and no line of '{Settler}' settles it.");
            }
        }

        return result;
    }

    /// <summary>Numbers tell rows only in the file that they were given for.</summary>
    /// <exception cref="InvalidDataException">It is another file.</exception>
    public void DemandRowsOf(Stream file, string path)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        if (sha256 != RowsSha256)
        {
            throw new InvalidDataException(
                $"{path} has SHA-256 {sha256}, but annotations.txt numbers the rows of the file with {RowsSha256}: give that file, or put the annotations right.");
        }
    }

    /// <summary>
    /// The label that a row is trained on: the settled or the readers' common one; the source's where nobody read the row, or where a
    /// reader takes the source's label for as good.
    /// </summary>
    public Intent Corrected(int number, Intent source)
    {
        if (!_readings.TryGetValue(number, out var readings))
        {
            return source;
        }

        var last = readings[^1];
        return last.Reader != Settler && readings.Exists(reading => reading.Second == source) ? source : last.Label;
    }

    private bool Add(string[] words)
    {
        var second = Intent.Other;
        if (words.Length is not (3 or 4)
            || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || words[1].Length != 1
            || !Intents.TryParse(words[2], out var label)
            || (words.Length == 4 && !Intents.TryParse(words[3], out second)))
        {
            return false;
        }

        if (!_readings.TryGetValue(number, out var readings))
        {
            _readings[number] = readings = [];
        }

        readings.Add(new(words[1][0], label, words.Length == 4 ? second : null));
        return true;
    }
}
