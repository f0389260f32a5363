namespace Sommelier.Gateway.Kept;

/// <summary>Keeps answers for a while, each for its caller only.</summary>
/// <remarks>Bounded in age and size: what is too old is not found, and the oldest go when there is too much. Safe for use by many threads at once.</remarks>
internal interface IResponseStore : IAsyncDisposable
{
    /// <summary>An answer of a caller; null when there is none, or none any more.</summary>
    ValueTask<KeptAnswer?> FindAsync(string callerId, string id, CancellationToken cancellationToken);

    /// <summary>The JSON of an item of one of a caller's answers; null when there is none.</summary>
    ValueTask<string?> FindItemAsync(string callerId, string itemId, CancellationToken cancellationToken);

    /// <summary>Keeps an answer; one of the same id is replaced.</summary>
    ValueTask KeepAsync(string callerId, KeptAnswer answer, CancellationToken cancellationToken);

    /// <summary>Forgets an answer; false when there is none.</summary>
    ValueTask<bool> DeleteAsync(string callerId, string id, CancellationToken cancellationToken);
}
