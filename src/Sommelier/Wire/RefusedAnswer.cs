using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>
/// A refusal in dialects that have no part for it: its words are text, and why the answer ended says what they are. OpenAI ends such an
/// answer like any other.
/// </summary>
internal static class RefusedAnswer
{
    /// <summary>Why an answer ended, for a dialect whose only sign of a refusal this is.</summary>
    public static FinishReason Finish(FinishReason reason, bool refused) => refused && reason.Kind == FinishReasonKind.Stop ? new(FinishReasonKind.ContentFilter) : reason;

    /// <summary>As <see cref="Finish(FinishReason, bool)"/>, of a whole answer.</summary>
    public static FinishReason Finish(FinishReason reason, IReadOnlyList<ContentPart> parts) => Finish(reason, parts.Any(static part => part is RefusalPart));
}
