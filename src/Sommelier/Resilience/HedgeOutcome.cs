namespace Sommelier.Resilience;

/// <summary>What came of asking a second deployment beside a late one.</summary>
internal enum HedgeOutcome
{
    /// <summary>The second one answered first.</summary>
    Won,

    /// <summary>The late one answered first after all.</summary>
    Lost,

    /// <summary>One of the two failed, so that the other went on alone.</summary>
    Failed,

    /// <summary>Nobody was asked: the share or the money is used up.</summary>
    OverBudget,
}
