using Sommelier.Canonical;

namespace Sommelier.Quality;

/// <summary>Sums evidence up. Pure.</summary>
internal static class EvidencePool
{
    /// <summary>One cell for each model and intent that there is evidence of, in their order.</summary>
    /// <remarks>
    /// An answer weighs its source's weight times 2^(-age / half-life). Of a deployment that changed its version only what was seen
    /// since the change counts.
    /// </remarks>
    /// <param name="evidence">In any order.</param>
    /// <param name="modelOf">The model of a deployment; whatever it does not know stays as it is.</param>
    /// <param name="now">The moment that ages are counted to.</param>
    /// <param name="halfLife">After how long evidence counts half.</param>
    public static IReadOnlyList<EvidenceCell> Sum(IEnumerable<Evidence> evidence, Func<string, string> modelOf, DateTimeOffset now, TimeSpan halfLife)
    {
        var counted = new List<Evidence>();
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var of in evidence.GroupBy(one => one.Model, StringComparer.Ordinal))
        {
            var (current, isChanged) = Current([.. of]);
            counted.AddRange(current);
            if (isChanged)
            {
                changed.Add(modelOf(of.Key));
            }
        }

        return
        [
            .. counted
                .GroupBy(one => (Model: modelOf(one.Model), one.Intent))
                .OrderBy(cell => cell.Key.Model, StringComparer.Ordinal)
                .ThenBy(cell => cell.Key.Intent)
                .Select(cell => Cell(cell.Key.Model, cell.Key.Intent, cell, changed.Contains(cell.Key.Model), now, halfLife)),
        ];
    }

    // Evidence that names no version belongs to the one of its time.
    private static (IEnumerable<Evidence> Current, bool Changed) Current(IReadOnlyList<Evidence> all)
    {
        var newest = all.Where(one => one.ModelVersion.Length > 0).MaxBy(one => (one.ObservedAt, one.ModelVersion));
        if (newest is null || all.All(one => one.ModelVersion.Length == 0 || IsOf(one, newest)))
        {
            return (all, false);
        }

        var since = all.Where(one => IsOf(one, newest)).Min(one => one.ObservedAt);
        return (all.Where(one => IsOf(one, newest) || (one.ModelVersion.Length == 0 && one.ObservedAt >= since)), true);

        static bool IsOf(Evidence one, Evidence other) => string.Equals(one.ModelVersion, other.ModelVersion, StringComparison.Ordinal);
    }

    private static EvidenceCell Cell(string model, Intent intent, IEnumerable<Evidence> evidence, bool changed, DateTimeOffset now, TimeSpan halfLife)
    {
        // One order, so that the same evidence gives the same last bit.
        var all = evidence.OrderBy(one => one.ObservedAt).ThenBy(one => one.Id, StringComparer.Ordinal).ToArray();
        double mass = 0, score = 0;
        foreach (var one in all)
        {
            var age = Math.Max(0, (now - one.ObservedAt) / halfLife);
            var weight = one.EffectiveWeight * Math.Pow(2, -age);
            mass += weight * one.Answers;
            score += weight * one.Score;
        }

        return new()
        {
            Model = model,
            Intent = intent,
            Mass = mass,
            Score = Math.Min(score, mass),
            Answers = all.Sum(one => one.Answers),
            Newest = all[^1].ObservedAt,
            Changed = changed,
            Sources =
            [
                .. all.GroupBy(one => one.Kind.Label(one.Source), StringComparer.Ordinal)
                    .Select(source => new EvidenceSource(source.Key, source.Sum(one => one.Answers)))
                    .OrderByDescending(source => source.Answers).ThenBy(source => source.Name, StringComparer.Ordinal),
            ],
        };
    }
}
