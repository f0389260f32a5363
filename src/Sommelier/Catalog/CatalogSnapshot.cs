using Sommelier.Canonical;

namespace Sommelier.Catalog;

/// <summary>What exists and what is believed about it, at one moment. Immutable; every lookup is O(1).</summary>
public sealed class CatalogSnapshot
{
    private static readonly IReadOnlyDictionary<string, string> NoAliases = new Dictionary<string, string>(StringComparer.Ordinal);

    private readonly Deployment[] deployments;
    private readonly QualityEstimate[][] quality;
    private readonly Dictionary<string, int> indexById;
    private readonly Dictionary<string, Deployment[]> byModel;
    private readonly Dictionary<string, Deployment[]> byProvider;
    private readonly Dictionary<string, Tombstone> tombstones = new(StringComparer.Ordinal);

    private CatalogSnapshot(Deployment[] deployments, IReadOnlyDictionary<string, string> aliases, QualityTable table, IEnumerable<Tombstone> gone)
    {
        this.deployments = deployments;
        Aliases = aliases;
        QualityTable = table;
        indexById = new(deployments.Length, StringComparer.Ordinal);
        for (var i = 0; i < deployments.Length; i++)
        {
            if (!indexById.TryAdd(deployments[i].Id, i))
            {
                throw new ArgumentException($"Deployment '{deployments[i].Id}' is given twice; keep one.", nameof(deployments));
            }
        }

        byModel = Groups(deployments, d => d.CanonicalModel);
        byProvider = Groups(deployments, d => d.Provider);
        quality = Array.ConvertAll(deployments, table.RowArray);
        foreach (var tombstone in gone)
        {
            foreach (var name in tombstone.Aliases.Append(tombstone.Model))
            {
                tombstones.TryAdd($"{tombstone.Provider}/{name}", tombstone);
                tombstones.TryAdd(name, tombstone);
            }
        }

        Version = CatalogHash.Of(deployments, aliases, table, tombstones);
    }

    /// <summary>A snapshot with nothing in it.</summary>
    public static CatalogSnapshot Empty { get; } = Create([]);

    /// <summary>The deployments, in the order of their ids: a deployment's index is stable within a snapshot.</summary>
    public IReadOnlyList<Deployment> Deployments => deployments;

    /// <summary>Other names: alias to deployment id, canonical model or policy (<c>auto/…</c>).</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; }

    /// <summary>Models that can no longer be called, each once.</summary>
    internal IEnumerable<Tombstone> Tombstones => tombstones.Values.Distinct();

    /// <summary>What is believed about the models.</summary>
    public QualityTable QualityTable { get; }

    /// <summary>Hash of everything in the snapshot: same content, same version.</summary>
    public string Version { get; }

    /// <summary>Puts a snapshot together.</summary>
    /// <param name="deployments">In any order.</param>
    /// <param name="aliases">Other names; none by default.</param>
    /// <param name="quality">What is believed; nothing by default.</param>
    /// <param name="tombstones">Models that can no longer be called; none by default.</param>
    /// <exception cref="ArgumentException">Two deployments have one id.</exception>
    public static CatalogSnapshot Create(
        IEnumerable<Deployment> deployments,
        IReadOnlyDictionary<string, string>? aliases = null,
        QualityTable? quality = null,
        IEnumerable<Tombstone>? tombstones = null)
    {
        var sorted = deployments.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Id, b.Id));
        return new(sorted, aliases is null ? NoAliases : new Dictionary<string, string>(aliases, StringComparer.Ordinal), quality ?? QualityTable.Empty, tombstones ?? []);
    }

    /// <summary>The same catalog with other deployments.</summary>
    /// <exception cref="ArgumentException">Two deployments have one id.</exception>
    public CatalogSnapshot With(IEnumerable<Deployment> others) => Create(others, Aliases, QualityTable, Tombstones);

    /// <summary>The same catalog with another table of quality.</summary>
    internal CatalogSnapshot With(QualityTable quality) => Create(deployments, Aliases, quality, Tombstones);

    /// <summary>The index of a deployment in <see cref="Deployments"/>, or -1.</summary>
    public int IndexOf(string deploymentId) => indexById.TryGetValue(deploymentId, out var index) ? index : -1;

    /// <summary>The deployment with an id, or null.</summary>
    public Deployment? Find(string deploymentId) => indexById.TryGetValue(deploymentId, out var index) ? deployments[index] : null;

    /// <summary>The model that could once be called by this id, with or without its provider; null when there is none.</summary>
    public Tombstone? FindTombstone(string name) => tombstones.GetValueOrDefault(name);

    /// <summary>Every deployment of a canonical model; empty when there is none.</summary>
    public IReadOnlyList<Deployment> OfModel(string canonicalModel) => byModel.TryGetValue(canonicalModel, out var found) ? found : [];

    /// <summary>A model as its maker made it, from what its deployments say; null when there is none.</summary>
    public Model? FindModel(string canonicalModel)
    {
        if (!byModel.TryGetValue(canonicalModel, out var found))
        {
            return null;
        }

        return new()
        {
            Id = canonicalModel,
            Family = First(found, d => d.Family),
            Maker = First(found, d => d.Maker),
            KnowledgeCutoff = First(found, d => d.KnowledgeCutoff),
            ReleaseDate = found.Min(d => d.ReleaseDate),
            OpenWeights = Array.Exists(found, d => d.OpenWeights),
        };

        static string First(Deployment[] from, Func<Deployment, string> fact) => from.Select(fact).FirstOrDefault(f => f.Length > 0) ?? "";
    }

    /// <summary>Every deployment of a provider; empty when there is none.</summary>
    public IReadOnlyList<Deployment> OfProvider(string provider) => byProvider.TryGetValue(provider, out var found) ? found : [];

    /// <summary>What a caller's model name means: a deployment id, an alias of one or of a model, or a canonical model; empty when nothing.</summary>
    /// <remarks>An alias of a policy is not resolved here: look it up in <see cref="Aliases"/>.</remarks>
    public IReadOnlyList<Deployment> Resolve(string name)
    {
        if (Aliases.TryGetValue(name, out var target))
        {
            name = target;
        }

        return Find(name) is { } one ? [one] : OfModel(name);
    }

    /// <summary>What is believed about the deployment with an index, in the order of <see cref="Intent"/>.</summary>
    public ReadOnlySpan<QualityEstimate> QualityOf(int index) => quality[index];

    /// <summary>What is believed about the deployment with an index at one intent.</summary>
    public QualityEstimate QualityOf(int index, Intent intent) => quality[index][(int)intent];

    private static Dictionary<string, Deployment[]> Groups(Deployment[] deployments, Func<Deployment, string> key) =>
        deployments.GroupBy(key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
}
