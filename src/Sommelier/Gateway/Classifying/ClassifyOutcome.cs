namespace Sommelier.Gateway.Classifying;

/// <summary>What came of asking a model for a request's intent. The list is closed.</summary>
internal enum ClassifyOutcome
{
    /// <summary>It told one.</summary>
    Told,

    /// <summary>It had told one for the same turn before.</summary>
    Remembered,

    /// <summary>A constraint of policy, key or caller keeps the request from the model.</summary>
    NotAllowed,

    /// <summary>A limit of the caller's does not afford it.</summary>
    OverBudget,

    /// <summary>It did not answer in time.</summary>
    Late,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>Its answer is no intent.</summary>
    Unreadable,
}
