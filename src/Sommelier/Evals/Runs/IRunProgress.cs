namespace Sommelier.Evals.Runs;

/// <summary>Is told how a run goes. Called from many threads, one at a time.</summary>
internal interface IRunProgress
{
    /// <summary>A result is on record.</summary>
    /// <param name="result">It.</param>
    /// <param name="spentUsd">What the run has spent so far.</param>
    void Done(EvalResult result, decimal spentUsd);

    /// <summary>A comparison is on record.</summary>
    /// <param name="done">How many are, of those that were missing.</param>
    /// <param name="total">How many were missing.</param>
    /// <param name="spentUsd">What the run has spent so far.</param>
    void Compared(int done, int total, decimal spentUsd);

    /// <summary>A model will not be asked any more.</summary>
    void Unusable(Candidate model, string why);
}

/// <summary>How a run, or a part of it, ended.</summary>
internal enum RunEnd
{
    /// <summary>Everything was asked.</summary>
    Complete,

    /// <summary>The money, the calls or the time are used up.</summary>
    Budget,

    /// <summary>The comparison was decided before all was asked.</summary>
    Decided,

    /// <summary>It was interrupted.</summary>
    Canceled,
}
