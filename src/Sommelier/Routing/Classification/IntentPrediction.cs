using System.Runtime.InteropServices;
using Sommelier.Canonical;

namespace Sommelier.Routing.Classification;

/// <summary>The classifier's answer; the whole distribution stands in the span that the caller gave.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct IntentPrediction
{
    /// <summary>The most likely intent, also when abstaining.</summary>
    public required Intent Top { get; init; }

    /// <summary>The calibrated probability of <see cref="Top"/>, 0 to 1.</summary>
    public required float Confidence { get; init; }

    /// <summary>True when <see cref="Confidence"/> is under the threshold measured on unseen sources: do not act on it alone.</summary>
    public required bool Abstained { get; init; }

    /// <summary>The group with the most probability; not always that of <see cref="Top"/>.</summary>
    public required IntentGroup Group { get; init; }

    /// <summary>The probability of all intents in <see cref="Group"/>, 0 to 1.</summary>
    public required float GroupConfidence { get; init; }

    /// <summary>How much of the answer the last user turn gave, 0 to 1; low when it only follows up on earlier turns.</summary>
    public required float LastTurnWeight { get; init; }
}
