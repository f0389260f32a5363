namespace Sommelier.Routing;

/// <summary>A kind of candidate that a policy tries before all others, whatever its strategy says.</summary>
public enum CandidateGroup
{
    /// <summary>It runs in a place of one's own: its region is <c>on-prem</c>.</summary>
    Local,

    /// <summary>Its price is known, and the request is expected to cost nothing there.</summary>
    Free,

    /// <summary>
    /// There is evidence about the model itself at requests of this intent, its price is known, and this gateway has measured how
    /// soon it answers.
    /// </summary>
    Measured,
}
