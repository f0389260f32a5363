using Sommelier.Canonical;

namespace Sommelier.Quality;

/// <summary>All evidence of one model at one intent as a version sums it up: weighted, and aged to the moment of the version.</summary>
internal sealed record EvidenceCell
{
    /// <summary>The model's canonical id; a deployment's id where no model was known for it.</summary>
    public required string Model { get; init; }

    /// <summary>The intent.</summary>
    public required Intent Intent { get; init; }

    /// <summary>How many answers of a fresh deterministic eval it is worth: the sum of the weights.</summary>
    public required double Mass { get; init; }

    /// <summary>The weighted sum of scores, 0 to <see cref="Mass"/>.</summary>
    public required double Score { get; init; }

    /// <summary>How many answers were scored.</summary>
    public required long Answers { get; init; }

    /// <summary>The latest of them, UTC.</summary>
    public required DateTimeOffset Newest { get; init; }

    /// <summary>Whether the provider has changed the model since the earliest evidence of it: what was known before is then worth little.</summary>
    public bool Changed { get; init; }

    /// <summary>Where they come from, most answers first.</summary>
    public required IReadOnlyList<EvidenceSource> Sources { get; init; }
}

/// <summary>A source of evidence and how many answers it gave.</summary>
/// <param name="Name">E.g. <c>eval run 2026-11-26-ab12 (extraction.suite)</c>.</param>
/// <param name="Answers">How many answers it scored.</param>
internal sealed record EvidenceSource(string Name, long Answers)
{
    private const int Shown = 3;

    /// <summary>Sources in words: <c>eval run 2026-11-26-ab12 (extraction.suite) n=40; feedback n=12</c>.</summary>
    public static string Text(IReadOnlyList<EvidenceSource> sources)
    {
        var text = string.Join("; ", sources.Take(Shown).Select(source => $"{source.Name} n={source.Answers}"));
        return sources.Count > Shown ? $"{text}; and {sources.Count - Shown} more" : text;
    }
}
