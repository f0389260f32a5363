using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>
/// A turn that Anthropic's servers paused in the middle of their own tools (<c>stop_reason: pause_turn</c>), or once they had
/// made the conversation shorter (<c>compaction</c>): it goes on when the
/// conversation is sent again. Most formats have no word for it.
/// </summary>
internal static class PausedTurn
{
    /// <summary>Whether an answer ended so.</summary>
    public static bool Is(FinishReason reason) => reason.Raw is "pause_turn" or "compaction";

    /// <summary>Tells a caller whose format says that the answer is finished.</summary>
    public static void Warn(FinishReason reason, ICollection<Warning> warnings)
    {
        if (Is(reason))
        {
            warnings.Add(new Warning("dropped", "stop_reason", $"the vendor paused the turn ('{reason.Raw}'): send the conversation again with this answer, and it goes on"));
        }
    }
}
