namespace Sommelier.Gateway.Caching;

/// <summary>Answers in this process's memory: gone when it ends, and not seen by other instances.</summary>
/// <param name="maxBytes">The most that all may weigh.</param>
/// <param name="time">The clock.</param>
internal sealed class MemoryAnswerCache(long maxBytes, TimeProvider time) : IAnswerCache
{
    /// <summary>How much is stored where nobody says: 64 MiB.</summary>
    public const long DefaultMaxBytes = 64 * 1024 * 1024;

    // What an answer weighs beside its bytes: key, record, list and table entries.
    private const int Overhead = 512;

    // One answer must not push out all others.
    private const int LargestShare = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<AnswerKey, LinkedListNode<(AnswerKey Key, CachedAnswer Answer)>> byKey = [];
    private readonly LinkedList<(AnswerKey Key, CachedAnswer Answer)> byUse = new();
    private long bytes;

    /// <inheritdoc/>
    public int LargestAnswer { get; } = (int)Math.Min(int.MaxValue / 2, maxBytes / LargestShare);

    /// <inheritdoc/>
    public ValueTask<CachedAnswer?> FindAsync(AnswerKey key, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (!byKey.TryGetValue(key, out var node))
            {
                return default;
            }

            if (node.Value.Answer.ExpiresAt <= time.GetUtcNow())
            {
                Remove(node);
                return default;
            }

            byUse.Remove(node);
            byUse.AddFirst(node);
            return new(node.Value.Answer);
        }
    }

    /// <inheritdoc/>
    public ValueTask StoreAsync(AnswerKey key, CachedAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Body.Length > LargestAnswer)
        {
            return default;
        }

        lock (gate)
        {
            if (byKey.TryGetValue(key, out var old))
            {
                Remove(old);
            }

            byKey.Add(key, byUse.AddFirst((key, answer)));
            bytes += Weight(answer);
            while (bytes > maxBytes && byUse.Last is { } last)
            {
                Remove(last);
            }
        }

        return default;
    }

    private static long Weight(CachedAnswer answer) => answer.Body.Length + Overhead;

    private void Remove(LinkedListNode<(AnswerKey Key, CachedAnswer Answer)> node)
    {
        byUse.Remove(node);
        byKey.Remove(node.Value.Key);
        bytes -= Weight(node.Value.Answer);
    }
}
