namespace Sommelier.Gateway;

/// <summary>The configuration in force; a reload swaps it in one step, and running requests keep the one they began with.</summary>
internal sealed class SnapshotHolder(GatewaySnapshot first)
{
    private GatewaySnapshot current = first;

    /// <summary>The one in force.</summary>
    public GatewaySnapshot Current => Volatile.Read(ref current);

    /// <summary>Puts another in force.</summary>
    public void Swap(GatewaySnapshot next) => Volatile.Write(ref current, next);
}
