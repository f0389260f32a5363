using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Evals.Graders;

/// <summary>What a grader sees: the answer, what was asked, and what the case knows.</summary>
public sealed record GradedAnswer
{
    /// <summary>The answer's text, without reasoning; empty when it has tool calls only.</summary>
    public required string Text { get; init; }

    /// <summary>Whether <see cref="Text"/> is the JSON of what a transform made of the answer, which was no text.</summary>
    public bool IsJson { get; init; }

    /// <summary>The case's id; empty when there is none.</summary>
    public string Case { get; init; } = "";

    /// <summary>What was asked: the text of the last user message.</summary>
    public string Input { get; init; } = "";

    /// <summary>The tool calls that the answer makes, in its order.</summary>
    public IReadOnlyList<ToolCallPart> ToolCalls { get; init; } = [];

    /// <summary>The tools that were offered.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Why the answer ended; null when a recorded answer does not say.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>The case's variables, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>From the attempt's begin to its end, without waiting in line; null for a recorded answer.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>What the answer cost, USD; null where that is not known.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>The model that answered; judges must not be it. Null for a recorded answer of unknown origin.</summary>
    public string? Model { get; init; }

    /// <summary>Asks other models: judges and embedders. Their spend counts towards the run's cap.</summary>
    public IJudgeModels Judges { get; init; } = NoJudges.Instance;
}
