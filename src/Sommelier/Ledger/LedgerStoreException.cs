namespace Sommelier.Ledger;

/// <summary>The store could not do it.</summary>
internal sealed class LedgerStoreException : Exception
{
    public LedgerStoreException(string message, bool isTransient, Exception innerException)
        : base(message, innerException) => IsTransient = isTransient;

    /// <summary>Whether the same may succeed later: busy, disk full, I/O error.</summary>
    public bool IsTransient { get; }
}
