using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>Why a model stopped, in dialects that have no word for it: the nearest word is written, and the vendor's own is told.</summary>
internal static class LostFinish
{
    /// <summary>Tells what the dialect's word for a reason does not say: a paused turn, and a reason that nobody has a word for.</summary>
    /// <param name="reason">Why the model stopped.</param>
    /// <param name="field">Where the dialect says it.</param>
    /// <param name="warnings">Takes the warnings.</param>
    public static void Warn(FinishReason reason, string field, ICollection<Warning> warnings)
    {
        PausedTurn.Warn(reason, warnings);
        if (reason.Kind is FinishReasonKind.Other or FinishReasonKind.Error)
        {
            warnings.Add(Replaced(reason, field));
        }
    }

    /// <summary>Tells that another word stands for the vendor's.</summary>
    public static Warning Replaced(FinishReason reason, string field) => new("replaced", field, $"'{reason.Raw ?? reason.Kind.ToString()}' has no word in this dialect");
}
