using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>A conversation's thinking that a target does not take: one warning for all of it, at the first place.</summary>
internal static class LostThinking
{
    /// <summary>The usual reason: only who sealed it can read it.</summary>
    public const string Foreign = "thinking that another vendor sealed, or nobody, cannot be sent back";

    /// <summary>Warns, unless the same has been said.</summary>
    /// <param name="part">The thinking.</param>
    /// <param name="warnings">Takes the loss.</param>
    /// <param name="why">The reason, in a few words.</param>
    public static void Warn(ReasoningPart part, ICollection<Warning> warnings, string why = Foreign)
    {
        if (!warnings.Any(warning => string.Equals(warning.Detail, why, StringComparison.Ordinal)))
        {
            warnings.Add(new Warning("dropped", part.Place.Or("messages").ToString(), why));
        }
    }
}
