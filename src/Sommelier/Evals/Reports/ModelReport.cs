using Sommelier.Canonical;

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

    /// <summary>The mean score; null when nothing was scored.</summary>
    public ScoreEstimate? Score { get; init; }

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

    /// <summary>By kind of work, in the order of the intents.</summary>
    public required IReadOnlyList<KeyValuePair<Intent, ScoreEstimate>> ByIntent { get; init; }

    /// <summary>By metric, in the order of their names: the weighted mean of its expectations.</summary>
    public required IReadOnlyList<KeyValuePair<string, double>> ByMetric { get; init; }

    /// <summary>Scored answers.</summary>
    public int Scored => Score?.Items ?? 0;

    /// <summary>The share of what was asked for that is missing.</summary>
    public double MissingShare => Missing + Scored == 0 ? 0 : (double)Missing / (Missing + Scored);

    /// <summary>Whether so much is missing that the figures may be off: more than one in fifty.</summary>
    public bool Unreliable => MissingShare > 0.02;
}
