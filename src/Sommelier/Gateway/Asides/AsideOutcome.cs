namespace Sommelier.Gateway.Asides;

/// <summary>What came of a call of the gateway's own beside a request.</summary>
internal enum AsideOutcome
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>A limit of the caller's does not afford it.</summary>
    OverBudget,

    /// <summary>It was not answered in time.</summary>
    Late,

    /// <summary>It failed.</summary>
    Failed,
}
