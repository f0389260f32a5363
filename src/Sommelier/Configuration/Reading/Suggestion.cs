namespace Sommelier.Configuration.Reading;

/// <summary>Finds the name that was meant.</summary>
internal static class Suggestion
{
    /// <summary>The known name that is nearest, when it is near enough to be a slip; else null.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var (typed, meant) = (Plain(name), Plain(candidate));

            // Half a name is as good as a slip: max_cost for max_cost_usd.
            var begun = typed.Length >= 4 && meant.StartsWith(typed, StringComparison.Ordinal);
            var distance = begun ? 1 : Distance(typed, meant);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best is not null && bestDistance <= Math.Max(1, Math.Min(name.Length, best.Length) / 3) ? best : null;
    }

    /// <summary>What to do about an unknown name: the nearest known one, else all when they are few.</summary>
    public static string Remedy(string name, IReadOnlyCollection<string> known)
    {
        if (Nearest(name, known) is { } nearest)
        {
            return $"Did you mean '{nearest}'?";
        }

        return known.Count is > 0 and <= 40 ? $"There are: {string.Join(", ", known)}" : "Remove it, or correct its name";
    }

    // maxBodyBytes and max-body-bytes are max_body_bytes to whoever typed them.
    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Edits from one name to the other; two neighbours swapped count as one edit.</summary>
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
