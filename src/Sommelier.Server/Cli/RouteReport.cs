using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;
using Sommelier.Routing.Cascading;
using Spectre.Console;

namespace Sommelier.Server.Cli;

/// <summary>A decision in readable form: what was understood, who comes first and by which figures, who was dropped and why.</summary>
/// <param name="console">Where it is printed.</param>
/// <param name="all">Whether every candidate is shown.</param>
internal sealed class RouteReport(IAnsiConsole console, bool all)
{
    private const int Shown = 12;

    /// <summary>Prints it.</summary>
    public void Print(RouteDecision decision)
    {
        console.Write(Summary(decision));
        if (decision.Error is { } error)
        {
            console.WriteLine();
            console.Write(new Text(error.Message + "\n", new Style(Color.Red)));
        }

        if (decision.Ranked.Count > 0)
        {
            console.WriteLine();
            console.Write(Ranking(decision));
            More(decision.Ranked.Count);
        }

        if (decision.Dropped.Count > 0)
        {
            console.WriteLine();
            console.Write(all ? EveryDrop(decision) : Drops(decision));
        }
    }

    private static Grid Summary(RouteDecision decision)
    {
        var signals = decision.Query.Signals;
        var policy = decision.Query.Policy;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        if (decision.Plan.Count > 0)
        {
            Add("model", decision.Plan[0].Deployment.Id);
            Add("reason", policy.Strategy is "fastest" && decision.Reason is RouteReason.CheapestGoodEnough or RouteReason.UsualChoice
                ? $"{decision.Reason.Token()}: no speed is known before something was measured"
                : decision.Reason.Token());
        }

        Add("policy", string.Create(CultureInfo.InvariantCulture, $"{policy.Name} ({policy.Strategy}, within {Points(policy.Gap)} of the best){(policy.Profile is { } profile ? $" under the profile {profile}" : "")}"));
        if (decision.Query.Choice.Rule is { } rule)
        {
            Add("rule", rule);
        }

        if (decision.Query.Choice.Arm is { } arm)
        {
            Add("split", string.Create(CultureInfo.InvariantCulture, $"{arm}, {100 * decision.Query.Choice.Share:0.##} % of conversations"));
        }

        if (decision.Query.Choice.Canary is { } canary)
        {
            Add("canary", string.Create(CultureInfo.InvariantCulture, $"{canary.To}: {(canary.Arm == CanaryArm.Canary ? "this is one of its conversations" : "this is none of its conversations")}, {100 * canary.Share:0.##} % are"));
        }

        if (decision.Cascade is { } cascade)
        {
            Add("cascade", cascade.Declined is { } why
                ? $"none: {EnumNames<CascadeDecline>.Of(why)}"
                : string.Create(CultureInfo.InvariantCulture, $"{cascade.First.Deployment.Id} first, then {cascade.Next.Deployment.Id}{(cascade.Judge is { } judge ? $"; {judge.Deployment.Id} judges" : "")}; at most {NanoUsd.ToUsd(cascade.ExtraNanoUsd):0.######} USD more"));
        }

        Add("intent", string.Create(CultureInfo.InvariantCulture, $"{signals.Intent.Name()} ({signals.Group.Name()}), confidence {signals.Confidence:0.00}{(signals.Abstained ? ": too little, so the policy does not act on it" : "")}"));
        Add("difficulty", string.Create(CultureInfo.InvariantCulture, $"{signals.Difficulty:0.00}"));
        Add("tokens", string.Create(CultureInfo.InvariantCulture, $"{signals.InputTokens} in, about {signals.ExpectedOutputTokens} out"));
        Add("decision", $"{decision.Id}, catalog {decision.Query.Catalog.Version}, quality {decision.Query.Catalog.QualityTable.Published}, policy {policy.Version}");
        return grid;

        void Add(string name, string value) => grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
    }

    private Table Ranking(RouteDecision decision)
    {
        var table = PlainTable("#", "model", "good enough", "quality", "at least", "USD", "ms", "evidence");
        foreach (var candidate in all ? decision.Ranked : decision.Ranked.Take(Shown))
        {
            Row(
                table,
                candidate.Rank.ToString(CultureInfo.InvariantCulture),
                candidate.Deployment.Id,
                candidate.GoodEnough ? "yes" : "no",
                Share(candidate.QualityMean),
                Share(candidate.QualityLow),
                double.IsFinite(candidate.CostUsd) ? candidate.CostUsd.ToString("0.000000", CultureInfo.InvariantCulture) : "unknown",
                double.IsFinite(candidate.LatencyMs) ? candidate.LatencyMs.ToString("0", CultureInfo.InvariantCulture) : "unknown",
                candidate.Evidence);
        }

        return table;
    }

    // A catalog has hundreds of models; one line per constraint tells why most are out.
    private static Table Drops(RouteDecision decision)
    {
        var table = PlainTable("dropped", "by", "for example", "because");
        foreach (var group in decision.Dropped.GroupBy(dropped => dropped.Constraint, StringComparer.Ordinal).OrderByDescending(group => group.Count()))
        {
            var example = group.First();
            Row(table, group.Count().ToString(CultureInfo.InvariantCulture), group.Key, example.Deployment.Id, example.Detail);
        }

        return table;
    }

    private static Table EveryDrop(RouteDecision decision)
    {
        var table = PlainTable("dropped", "by", "because");
        foreach (var dropped in decision.Dropped)
        {
            Row(table, dropped.Deployment.Id, dropped.Constraint, dropped.Detail);
        }

        return table;
    }

    private void More(int count)
    {
        if (!all && count > Shown)
        {
            console.Write(new Text(string.Create(CultureInfo.InvariantCulture, $"and {count - Shown} more; --all shows them\n"), new Style(Color.Grey)));
        }
    }

    private static string Points(double gap)
    {
        var points = (gap * 100).ToString("0.#", CultureInfo.InvariantCulture);
        return points is "1" ? "1 point" : $"{points} points";
    }

    private static string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A table without lines: columns are told apart by space, in a terminal as in a file.</summary>
    internal static Table PlainTable(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(Color.Grey))).PadLeft(0).PadRight(2));
        }

        return table;
    }

    /// <summary>Adds a row of texts, none of which is read as markup.</summary>
    internal static void Row(Table table, params IReadOnlyList<string> cells) => table.AddRow(cells.Select(cell => new Text(cell)));
}
