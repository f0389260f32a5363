namespace Sommelier.Accounts.Spending.Shared;

/// <summary>Where a hold is counted: in Redis under an instance's name, or, while Redis is away, in an instance's share.</summary>
/// <param name="instance">The name in Redis; null while it is held in the share.</param>
/// <param name="share">The share; null when it was taken in Redis.</param>
internal sealed class HoldPlace(string? instance, LocalShare? share)
{
    /// <summary>Whoever extends, moves or settles the hold waits for the others.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The name in Redis, or null.</summary>
    public string? Instance { get; set; } = instance;

    /// <summary>The share that it was taken from, or null.</summary>
    public LocalShare? Share { get; } = share;

    /// <summary>Whether it is settled.</summary>
    public bool IsOver { get; set; }
}
