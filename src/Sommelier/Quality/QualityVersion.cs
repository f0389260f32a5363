using Sommelier.Catalog;

namespace Sommelier.Quality;

/// <summary>What is known of a version without reading what it holds.</summary>
internal sealed record QualityVersionInfo
{
    /// <summary>Its number, from 1 on; grows with every version.</summary>
    public required long Number { get; init; }

    /// <summary>Its name, which decisions carry: <c>v7-1a2b3c4d</c>, number and hash of what it holds.</summary>
    public required string Name { get; init; }

    /// <summary>The version that was in force when it was made, and whose evidence it holds too; 0 for the catalog's own table.</summary>
    public required long Parent { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who made it, as the audit log says.</summary>
    public required string Actor { get; init; }

    /// <summary>What for, e.g. <c>eval run 2026-11-26-ab12</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether it was made to be looked at only.</summary>
    public bool Shadow { get; init; }

    /// <summary>Feedback up to this moment is in it; null for none.</summary>
    public DateTimeOffset? FeedbackUntil { get; init; }

    /// <summary>How many answers it rests on.</summary>
    public required long Answers { get; init; }
}

/// <summary>
/// A published version of what own evidence says. Immutable: the same version over the same catalog is the same table. It holds
/// evidence, not figures, so a later catalog or configuration is believed at once.
/// </summary>
internal sealed class QualityVersion
{
    /// <summary>What the table without any version is called.</summary>
    public const string None = QualityTable.Unpublished;

    private readonly ILookup<string, EvidenceCell> byModel;

    /// <param name="info">What is known of it.</param>
    /// <param name="cells">The evidence that it holds.</param>
    /// <param name="priorMass">How much of the prior stays (kappa), in answers.</param>
    /// <param name="maxMass">The most that a belief may be worth, in answers.</param>
    public QualityVersion(QualityVersionInfo info, IReadOnlyList<EvidenceCell> cells, double priorMass, double maxMass)
    {
        (Info, Cells, PriorMass, MaxMass) = (info, cells, priorMass, maxMass);
        byModel = cells.ToLookup(cell => cell.Model, StringComparer.Ordinal);
    }

    /// <summary>What is known of it.</summary>
    public QualityVersionInfo Info { get; }

    /// <summary>The evidence that it holds.</summary>
    public IReadOnlyList<EvidenceCell> Cells { get; }

    /// <summary>How much of the prior stays (kappa), in answers.</summary>
    public double PriorMass { get; }

    /// <summary>The most that a belief may be worth, in answers.</summary>
    public double MaxMass { get; }

    /// <summary>The evidence of a deployment's model, by intent; empty when there is none.</summary>
    public IReadOnlyList<EvidenceCell> Of(Deployment deployment) =>
        [.. byModel.Contains(deployment.CanonicalModel) ? byModel[deployment.CanonicalModel] : byModel[deployment.Id]];

    /// <summary>A catalog on which nothing was published, with this version over its table.</summary>
    public CatalogSnapshot Over(CatalogSnapshot catalog)
    {
        var rows = new Dictionary<string, QualityEstimate[]>(StringComparer.Ordinal);
        foreach (var deployment in catalog.Deployments)
        {
            if (Of(deployment) is { Count: > 0 } cells)
            {
                rows[deployment.Id] = Posterior.Row(Info.Name, catalog.QualityTable.Row(deployment), cells, PriorMass, MaxMass);
            }
        }

        return catalog.With(catalog.QualityTable.Publish(Info.Name, rows));
    }
}
