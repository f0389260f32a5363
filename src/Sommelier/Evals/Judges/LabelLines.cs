using System.Text.Json;

namespace Sommelier.Evals.Judges;

/// <summary>Reads labels that people gave: JSON lines, blank ones passed over.</summary>
internal static class LabelLines
{
    /// <summary>Reads lines; what is wrong with one is told, and the others are read.</summary>
    /// <param name="lines">The file's.</param>
    /// <param name="add">Takes a line's value; says what is wrong with it, or null.</param>
    /// <param name="problem">Takes what is wrong, as a clause that follows the file's name.</param>
    public static void Read(IEnumerable<string> lines, Func<JsonElement, string?> add, Action<string> problem)
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using var document = JsonDocument.Parse(line);
                if (add(document.RootElement) is { } wrong)
                {
                    problem($"{wrong} in line {number}");
                }
            }
            catch (JsonException)
            {
                problem($"has no JSON object in line {number}");
            }
        }
    }
}
