using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Which tools are sent and how free the model is to call them.</summary>
internal sealed record AnthropicToolPlan
{
    /// <summary>The caller's tools.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>The schema of the tool that stands in for a JSON mode; null for none.</summary>
    public string? AnswerSchema { get; init; }

    /// <summary>The freedom, in the dialect's word; null when not said.</summary>
    public string? Choice { get; init; }

    /// <summary>The tool, with <c>tool</c>.</summary>
    public string? ChoiceName { get; init; }

    /// <summary>Whether at most one tool may be called.</summary>
    public bool OneAtMost { get; init; }

    /// <summary>Whether several were allowed in words: <c>disable_parallel_tool_use: false</c>.</summary>
    public bool SeveralSaid { get; init; }

    /// <summary>Whether a call is forced, which the API refuses beside thinking. A caller of this dialect knows; only what we add is judged.</summary>
    public bool ForbidsThinking(ChatRequest request) =>
        Choice is "any" or "tool"
        && (AnswerSchema is not null || !string.Equals(request.Format, AnthropicMessagesFormat.FormatName, StringComparison.Ordinal));
}
