using Sommelier.Canonical;
using Sommelier.Evals.Graders;

namespace Sommelier.Evals.Runs;

/// <summary>What one item of a run came to: a line of <c>results.jsonl</c>.</summary>
internal sealed record EvalResult
{
    /// <summary>What it is of.</summary>
    public required ResultKey Key { get; init; }

    /// <summary>Tells the answer from every other; see <see cref="WorkItem.AnswerKey"/>.</summary>
    public required string AnswerKey { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The answer; null when none came: then it is missing, not wrong.</summary>
    public EvalAnswer? Answer { get; init; }

    /// <summary>Why there is no answer; empty when there is one.</summary>
    public string Error { get; init; } = "";

    /// <summary>The answer's score, 0 to 1; null when it is missing or could not be judged.</summary>
    public double? Score { get; init; }

    /// <summary>Whether it passed; false when it is missing.</summary>
    public bool Passed { get; init; }

    /// <summary>What each expectation said.</summary>
    public IReadOnlyList<GradedExpectation> Grades { get; init; } = [];

    /// <summary>What the answer cost, failed calls included; 0 for one that was kept from before. Judges are paid by their own lines, see <see cref="Judgement"/>.</summary>
    public decimal SpentUsd { get; init; }
}

/// <summary>An answer of a model under test.</summary>
internal sealed record EvalAnswer
{
    /// <summary>What it says, without reasoning.</summary>
    public required string Text { get; init; }

    /// <summary>What it calls.</summary>
    public IReadOnlyList<ToolCallPart> ToolCalls { get; init; } = [];

    /// <summary>Why it ended; null for a recorded answer.</summary>
    public FinishReasonKind? FinishReason { get; init; }

    /// <summary>The model that says it answered.</summary>
    public string? ResponseModel { get; init; }

    /// <summary>Its tokens; null for a recorded answer.</summary>
    public Usage? Usage { get; init; }

    /// <summary>What the successful call cost; null where no price is known.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>How long the successful call took: no waiting, no earlier tries. Null for a recorded answer.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Calls that were made for it, failed ones included.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether a simulated provider answered.</summary>
    public bool Simulated { get; init; }

    /// <summary>Whether it was kept from an earlier run.</summary>
    public bool Kept { get; init; }
}

/// <summary>What one expectation said.</summary>
/// <param name="Kind">The suite's word.</param>
/// <param name="Metric">The name under which it is summed up, or null.</param>
/// <param name="Weight">Its share.</param>
/// <param name="Hard">Whether failing it fails the case.</param>
/// <param name="State">Met or not.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="Reason">Why.</param>
internal sealed record GradedExpectation(string Kind, string? Metric, double Weight, bool Hard, GradeState State, double Score, string Reason);
