namespace Sommelier.Gateway.Caching;

/// <summary>Stores answers under the keys of their requests.</summary>
/// <remarks>
/// Bounded in size: when there is too much, what was not used for longest goes. A cache, not a store: an answer may be gone
/// at any time, and a cache that fails finds nothing and stores nothing, but never throws. Safe for use by many threads at once.
/// </remarks>
internal interface IAnswerCache
{
    /// <summary>The largest answer that is stored, in bytes.</summary>
    int LargestAnswer { get; }

    /// <summary>A stored answer; null when there is none, or none any more.</summary>
    ValueTask<CachedAnswer?> FindAsync(AnswerKey key, CancellationToken cancellationToken);

    /// <summary>Stores an answer; the one before it under the same key is replaced.</summary>
    ValueTask StoreAsync(AnswerKey key, CachedAnswer answer, CancellationToken cancellationToken);
}
