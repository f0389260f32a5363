using Sommelier.Canonical;

namespace Sommelier.Quality;

/// <summary>How answers of a model at one intent were scored: those of a whole eval run together, or those of one case.</summary>
internal sealed record Evidence
{
    /// <summary>Names it: of the same id the one of the latest version counts, so that publishing a run again counts it once.</summary>
    public required string Id { get; init; }

    /// <summary>The deployment that answered (<c>provider/model</c>), or a model's canonical id.</summary>
    public required string Model { get; init; }

    /// <summary>What was asked of it.</summary>
    public required Intent Intent { get; init; }

    /// <summary>Who scored.</summary>
    public required EvidenceKind Kind { get; init; }

    /// <summary>Where it comes from, e.g. <c>2026-11-26-ab12 (extraction.suite)</c>: a run's id and its suite. Shown in decisions.</summary>
    public required string Source { get; init; }

    /// <summary>How many answers.</summary>
    public required long Answers { get; init; }

    /// <summary>The sum of their scores, each 0 to 1.</summary>
    public required double Score { get; init; }

    /// <summary>What one answer weighs, over 0 to 1; the kind's own by default.</summary>
    public double? Weight { get; init; }

    /// <summary>When the answers were given, UTC.</summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>The provider's own version or fingerprint of the model; empty when unknown.</summary>
    public string ModelVersion { get; init; } = "";

    /// <summary>What one answer weighs.</summary>
    public double EffectiveWeight => Weight ?? Kind.Weight();

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="QualityException">A field is out of its range.</exception>
    public void Check()
    {
        var problem = this switch
        {
            { Id.Length: 0 } => ("id", "must not be empty"),
            { Model.Length: 0 } => ("model", "must name a deployment or a model"),
            { Source.Length: 0 } => ("source", "must not be empty"),
            { Answers: < 1 } => ("answers", "must be 1 or more"),
            _ when !(Score >= 0 && Score <= Answers) => ("score", "must be between 0 and the number of answers"),
            _ when !(EffectiveWeight > 0 && EffectiveWeight <= 1) => ("weight", "must be over 0, and 1 at most"),
            _ => default,
        };
        if (problem is ({ } field, { } rule))
        {
            throw new QualityException(field, $"{field} of the evidence '{Id}' {rule}.");
        }
    }
}
