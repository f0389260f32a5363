namespace Sommelier.Upstream.Media;

/// <summary>What the files of one call may still weigh together. Safe for use by many threads at once.</summary>
/// <param name="bytes">The most bytes.</param>
internal sealed class MediaBudget(long bytes)
{
    private long left = bytes;

    /// <summary>Takes what has just come; false when it is more than was left.</summary>
    public bool Take(int count) => Interlocked.Add(ref left, -count) >= 0;
}
