using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Quality;

/// <summary>What a version holds, as it is stored.</summary>
internal static class VersionContent
{
    /// <summary>Writes it: the same content, the same bytes.</summary>
    public static string Write(IReadOnlyList<EvidenceCell> cells, double priorMass, double maxMass)
    {
        using var buffer = new MemoryStream();
        using (var to = new Utf8JsonWriter(buffer))
        {
            to.WriteStartObject();
            to.WriteNumber("prior_mass", priorMass);
            to.WriteNumber("max_mass", maxMass);
            to.WriteStartArray("cells");
            foreach (var cell in cells)
            {
                to.WriteStartObject();
                to.WriteString("model", cell.Model);
                to.WriteString("intent", cell.Intent.Name());
                to.WriteNumber("mass", cell.Mass);
                to.WriteNumber("score", cell.Score);
                to.WriteNumber("n", cell.Answers);
                to.WriteNumber("newest_ms", cell.Newest.ToUnixTimeMilliseconds());
                to.WriteBoolean("changed", cell.Changed);
                to.WriteStartArray("sources");
                foreach (var source in cell.Sources)
                {
                    to.WriteStartObject();
                    to.WriteString("name", source.Name);
                    to.WriteNumber("n", source.Answers);
                    to.WriteEndObject();
                }

                to.WriteEndArray();
                to.WriteEndObject();
            }

            to.WriteEndArray();
            to.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">A later Sommelier wrote it.</exception>
    public static QualityVersion Read(QualityVersionInfo info, string content)
    {
        using var document = JsonDocument.Parse(content);
        var root = document.RootElement;
        return new(
            info,
            [.. root.GetProperty("cells").EnumerateArray().Select(cell => ReadCell(info, cell))],
            root.GetProperty("prior_mass").GetDouble(),
            root.GetProperty("max_mass").GetDouble());
    }

    /// <summary>The name of a version of this number and content.</summary>
    public static string NameOf(long number, string content) =>
        string.Create(CultureInfo.InvariantCulture, $"v{number}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 4))}");

    /// <summary>The number in a version's name or in what a person writes: <c>7</c>, <c>v7</c>, <c>v7-1a2b3c4d</c>; null when it is none.</summary>
    public static long? NumberOf(string name)
    {
        var digits = name.StartsWith('v') ? name.AsSpan(1) : name;
        var end = digits.IndexOf('-');
        return long.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static EvidenceCell ReadCell(QualityVersionInfo info, JsonElement cell) => new()
    {
        Model = cell.GetProperty("model").GetString()!,
        Intent = Intents.TryParse(cell.GetProperty("intent").GetString()!, out var intent)
            ? intent
            : throw new InvalidDataException($"The quality version {info.Name} has an intent that this Sommelier does not know. Run the newer Sommelier."),
        Mass = cell.GetProperty("mass").GetDouble(),
        Score = cell.GetProperty("score").GetDouble(),
        Answers = cell.GetProperty("n").GetInt64(),
        Newest = DateTimeOffset.FromUnixTimeMilliseconds(cell.GetProperty("newest_ms").GetInt64()),
        Changed = cell.GetProperty("changed").GetBoolean(),
        Sources = [.. cell.GetProperty("sources").EnumerateArray().Select(source => new EvidenceSource(source.GetProperty("name").GetString()!, source.GetProperty("n").GetInt64()))],
    };
}
