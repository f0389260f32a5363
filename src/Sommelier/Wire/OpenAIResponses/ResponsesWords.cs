using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The words of this dialect and ours, both ways.</summary>
internal static class ResponsesWords
{
    /// <summary>What thinking must be asked for with, so that it comes sealed.</summary>
    public const string SealedThinking = "reasoning.encrypted_content";

    /// <summary>What a request includes that wants to know how likely each token was.</summary>
    public const string LogProbs = "message.output_text.logprobs";

    /// <summary>The roles that a message may have, for error texts.</summary>
    public const string Roles = "user, assistant, system, developer";

    /// <summary>Why an answer ended.</summary>
    /// <param name="status">The answer's <c>status</c>; null where a server leaves it out.</param>
    /// <param name="reason">Why it is incomplete, or null.</param>
    /// <param name="calls">Whether it calls tools that the caller runs.</param>
    public static FinishReason Finish(string? status, string? reason, bool calls) => status switch
    {
        "incomplete" => new(
            reason switch
            {
                "max_output_tokens" or "max_tokens" => FinishReasonKind.Length,
                "content_filter" => FinishReasonKind.ContentFilter,
                _ => FinishReasonKind.Other,
            },
            reason ?? status),
        _ => new(calls ? FinishReasonKind.ToolCalls : FinishReasonKind.Stop, status ?? "completed"),
    };

    /// <summary>Tells that the status does not say why the model stopped.</summary>
    public static void Warn(FinishReason finish, ICollection<Warning> warnings)
    {
        if (finish.Kind == FinishReasonKind.Other)
        {
            warnings.Add(LostFinish.Replaced(finish, "status"));
        }
    }

    /// <summary>The answer's <c>status</c>, and why it is incomplete.</summary>
    public static (string Status, string? Reason) Status(FinishReason finish) => finish.Kind switch
    {
        FinishReasonKind.Stop when PausedTurn.Is(finish) => ("incomplete", null),
        FinishReasonKind.Length => ("incomplete", "max_output_tokens"),
        FinishReasonKind.ContentFilter => ("incomplete", "content_filter"),
        FinishReasonKind.Error => ("failed", null),
        _ => ("completed", null),
    };
}
