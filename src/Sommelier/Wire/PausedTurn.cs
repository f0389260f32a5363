using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>
/// A turn that Anthropic's servers paused in the middle of their own tools (<c>stop_reason: pause_turn</c>): it goes on when the
/// conversation is sent again. Most formats have no word for it.
/// </summary>
internal static class PausedTurn
{
    /// <summary>Whether an answer ended so.</summary>
    public static bool Is(FinishReason reason) => reason.Raw is "pause_turn";

    /// <summary>Tells a caller whose format says that the answer is finished.</summary>
    public static void Warn(FinishReason reason, ICollection<Warning> warnings)
    {
        if (Is(reason))
        {
            warnings.Add(new Warning("dropped", "stop_reason", "the vendor paused the turn ('pause_turn'): send the conversation again with this answer, and it goes on"));
        }
    }
}
