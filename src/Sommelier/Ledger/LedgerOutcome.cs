namespace Sommelier.Ledger;

/// <summary>How a request ended, as the ledger knows it.</summary>
internal enum LedgerOutcome
{
    /// <summary>The caller got a whole answer.</summary>
    Succeeded,

    /// <summary>The caller got an error, and nothing of an answer.</summary>
    Failed,

    /// <summary>The answer broke after its first byte had reached the caller.</summary>
    Broken,

    /// <summary>The caller went away.</summary>
    Canceled,

    /// <summary>It was begun and never settled: the process died in between. An upstream may have been called.</summary>
    Unknown,
}
