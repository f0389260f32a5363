using Sommelier.Canonical;
using Sommelier.Evals.Judges;
using Sommelier.Evals.Runs;
using Sommelier.Statistics.Reports;

namespace Sommelier.Evals.Reports;

/// <summary>What a run says of one model.</summary>
internal sealed record ModelReport
{
    /// <summary>The candidate's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it was simulated.</summary>
    public bool Simulated { get; init; }

    /// <summary>Answers that the run is to have of it.</summary>
    public required int Expected { get; init; }

    /// <summary>Of these, those that were asked for and could not be had or judged.</summary>
    public required int Missing { get; init; }

    /// <summary>The mean score with its 95 % interval, by clusters and repeats.</summary>
    public required ScoreSummary Score { get; init; }

    /// <summary>The share of answers that passed, of those that were scored.</summary>
    public double PassRate { get; init; }

    /// <summary>The share of cases of which every repeat passed; null without repeats.</summary>
    public double? PassedEveryTime { get; init; }

    /// <summary>What an answer cost on average, USD; null when no price is known.</summary>
    public decimal? CostPerAnswerUsd { get; init; }

    /// <summary>What all its answers cost, those kept from earlier runs included.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>Half of its answers came within this.</summary>
    public TimeSpan? MedianLatency { get; init; }

    /// <summary>Nineteen of twenty answers came within this.</summary>
    public TimeSpan? P95Latency { get; init; }

    /// <summary>What judges said of its answers against people, and the mean freed of their bias; null without labels.</summary>
    public JudgeCalibration? Judges { get; init; }

    /// <summary>By kind of work, in the order of the intents.</summary>
    public required IReadOnlyList<KeyValuePair<Intent, ScoreSummary>> ByIntent { get; init; }

    /// <summary>By metric, in the order of their names: the weighted mean of its expectations.</summary>
    public required IReadOnlyList<KeyValuePair<string, double>> ByMetric { get; init; }

    /// <summary>Scored answers.</summary>
    public int Scored => Score.Count;

    /// <summary>Whether it stands for whoever gave the answers that a suite brings along.</summary>
    public bool IsRecorded => string.Equals(Name, Candidate.Recorded.Name, StringComparison.Ordinal);
}
