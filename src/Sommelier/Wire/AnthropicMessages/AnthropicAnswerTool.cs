using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>
/// The forced tool that stands in for a JSON mode at targets that have none: the schema is the tool's, and the arguments
/// of its call are the answer.
/// </summary>
/// <remarks>
/// The name is reserved, so the reader of the answer knows the call without having seen the request. A forced tool is
/// called at once: no text comes before it.
/// </remarks>
internal static class AnthropicAnswerTool
{
    /// <summary>The tool's name.</summary>
    public const string Name = "sommelier_json";

    /// <summary>What the model is told about it.</summary>
    public const string Description = "Gives the final answer. Call it once, with the whole answer as its arguments.";

    /// <summary>Whether a call is the answer.</summary>
    public static bool Is(string? name, WireQuirks quirks) =>
        !quirks.AsksSchema && string.Equals(name, Name, StringComparison.Ordinal);

    /// <summary>The reason as the caller must see it: it asked for JSON, not for a tool.</summary>
    /// <param name="reason">The vendor's reason.</param>
    /// <param name="answered">Whether the tool was called.</param>
    /// <param name="calledTool">Whether a tool of the caller was called too.</param>
    public static FinishReason Finish(FinishReason reason, bool answered, bool calledTool) =>
        answered && !calledTool && reason.Kind == FinishReasonKind.ToolCalls
            ? reason with { Kind = FinishReasonKind.Stop }
            : reason;
}
