using Sommelier.Quality;

namespace Sommelier.Gateway;

/// <summary>
/// What requests run on: the configuration in force with the published quality table over its catalog. A change of either swaps it in
/// one step, and running requests keep the one they began with.
/// </summary>
internal sealed class SnapshotHolder(GatewaySnapshot first)
{
    private readonly Lock gate = new();
    private GatewaySnapshot configured = first;
    private GatewaySnapshot current = first;
    private QualityVersion? quality;

    /// <summary>The one in force.</summary>
    public GatewaySnapshot Current => Volatile.Read(ref current);

    /// <summary>The same without a published quality table: what its evidence is laid over.</summary>
    public GatewaySnapshot Configured => Volatile.Read(ref configured);

    /// <summary>Puts another configuration in force.</summary>
    public void Swap(GatewaySnapshot next)
    {
        lock (gate)
        {
            Volatile.Write(ref configured, next);
            Join();
        }
    }

    /// <summary>Puts another quality table in force; null for the catalog's own.</summary>
    public void Swap(QualityVersion? next)
    {
        lock (gate)
        {
            quality = next;
            Join();
        }
    }

    private void Join() => Volatile.Write(ref current, quality is null ? configured : configured with { Catalog = quality.Over(configured.Catalog) });
}
