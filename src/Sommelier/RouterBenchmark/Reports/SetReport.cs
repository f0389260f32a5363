using Sommelier.RouterBenchmark.Contestants;
using Sommelier.RouterBenchmark.Metrics;
using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Reports;

/// <summary>What was measured on one set, ready to be shown.</summary>
/// <param name="Set">The set.</param>
/// <param name="Tested">How many rows were routed.</param>
/// <param name="Questions">How many different questions those are.</param>
/// <param name="Figures">Which figures there are, in the order to show them; the first is the main one.</param>
/// <param name="Lines">The contestants.</param>
/// <param name="Curves">What contestants do at all their settings, for the plot.</param>
internal sealed record SetReport(OutcomeSet Set, int Tested, int Questions, IReadOnlyList<FigureKind> Figures, IReadOnlyList<ReportLine> Lines, IReadOnlyList<Curve> Curves);

/// <summary>A contestant and its figures; one that it does not have is absent.</summary>
internal sealed record ReportLine(IContestant Contestant, IReadOnlyDictionary<FigureKind, Estimate> Figures);

/// <summary>Points of a plot: x is the share of strong calls, or USD per thousand questions; y is quality, 0 to 100.</summary>
internal sealed record Curve(IContestant Contestant, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A figure: its name in JSON, its heading, and how it is written.</summary>
internal sealed record FigureKind(string Name, string Heading, string Format)
{
    public static readonly FigureKind Accuracy = new("accuracy", "accuracy", "0.0");
    public static readonly FigureKind OverBest = new("over_best_single", "- best single", "+0.0;-0.0;0.0");
    public static readonly FigureKind OverTable = new("over_task_table", "- task table", "+0.0;-0.0;0.0");
    public static readonly FigureKind Usd = new("usd_per_1k", "USD/1k", "0.###");
    public static readonly FigureKind CostShare = new("cost_of_best_single", "cost / best single", "0 %");
    public static readonly FigureKind Aiq = new("aiq", "AIQ", "0.0");
    public static readonly FigureKind Arena = new("arena_score", "arena", "0.0");
    public static readonly FigureKind Selection = new("optimal_selection", "opt. selection", "0.0");
    public static readonly FigureKind OptimalCost = new("optimal_cost", "opt. cost", "0.0");
    public static readonly FigureKind OptimalAccuracy = new("optimal_accuracy", "opt. accuracy", "0.0");
    public static readonly FigureKind Apgr = new("apgr", "APGR", "0.000");
    public static readonly FigureKind Cpt50 = new("cpt50", "CPT50", "0.0");
    public static readonly FigureKind Cpt80 = new("cpt80", "CPT80", "0.0");
}
