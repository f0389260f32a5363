using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Evals.Suites;

/// <summary>One thing that is asked, and what is expected of the answer.</summary>
internal sealed record SuiteCase
{
    /// <summary>Its name in the suite.</summary>
    public required string Id { get; init; }

    /// <summary>What kind of work it is.</summary>
    public required Intent Intent { get; init; }

    /// <summary>Whether <see cref="Intent"/> was guessed by the classifier rather than given.</summary>
    public bool IntentGuessed { get; init; }

    /// <summary>Cases of one cluster share a source and are not independent; its own id where nothing is shared.</summary>
    public required string Cluster { get; init; }

    /// <summary>The request in OpenAI's chat format, without <c>model</c>: one JSON object, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The text of the last user message.</summary>
    public required string Input { get; init; }

    /// <summary>The tools that are offered.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>What its template is filled with, and what graders may look at.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>What is expected.</summary>
    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>An answer that was recorded elsewhere and is graded without a call; null: a model is asked.</summary>
    public WrittenAnswer? Output { get; init; }

    /// <summary>An answer that would be right; null when the author gives none.</summary>
    public WrittenAnswer? Reference { get; init; }

    /// <summary>How often it is asked.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>The most tokens of an answer; null when nothing limits them.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>From which score on it counts as passed; null: when each expectation is met.</summary>
    public double? Threshold { get; init; }
}

/// <summary>An answer that stands in a file.</summary>
/// <param name="Text">What it says.</param>
/// <param name="ToolCalls">What it calls.</param>
internal sealed record WrittenAnswer(string Text, IReadOnlyList<ToolCallPart> ToolCalls);
