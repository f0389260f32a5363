namespace Sommelier.Catalog;

/// <summary>Why a deployment serves only who names it, and is never chosen on one's behalf.</summary>
public enum NamedOnly
{
    /// <summary>It may be chosen.</summary>
    No,

    /// <summary>Its name moves on to other models (<c>chat-latest</c>): what was measured of it says nothing about tomorrow's.</summary>
    MovingName,

    /// <summary>It is sold under terms of its own (<c>-contributor</c>), which nobody accepts on another's behalf.</summary>
    OtherTerms,

    /// <summary>It is another id of a deployment of the same provider: as a fallback it would fail together with that one.</summary>
    OtherSpelling,
}
