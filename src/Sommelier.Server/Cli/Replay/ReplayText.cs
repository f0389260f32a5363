using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Replay;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.OffPolicy;
using Spectre.Console;

namespace Sommelier.Server.Cli.Replay;

/// <summary>A replay as tables.</summary>
internal sealed class ReplayText(IAnsiConsole console)
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>Prints it.</summary>
    public void Print(ReplayReport report)
    {
        console.WriteLine(string.Create(Plain, $"{report.Policy.Name} over the {report.Requests} requests since {report.Since:yyyy-MM-dd HH:mm} UTC{(report.Until is { } until ? string.Create(Plain, $" until {until:yyyy-MM-dd HH:mm} UTC") : "")}{(report.Catalog == ReplayedCatalog.Present ? ", by today's models and prices" : "")}"));
        if (report.Undecided.Count > 0)
        {
            console.WriteLine($"not decided: {string.Join(", ", report.Undecided.Select(pair => string.Create(Plain, $"{pair.Value} {Words(pair.Key)}")))}; they cost {Usd(report.Cost.LoggedUndecided)} USD");
        }

        if (report.Decided == 0)
        {
            console.WriteLine("There is nothing to compare.");
            return;
        }

        console.WriteLine(string.Create(Plain, $"same model: {report.Same} of {report.Decided} ({100.0 * report.Same / report.Decided:0.0}%)"));
        console.WriteLine();
        Figures(report);
        console.WriteLine();
        Rated(report.Rated);
        if (report.Cost.PerRequest is null)
        {
            console.WriteLine($"No intervals: there are fewer than {ConversationSums.LeastGroups} conversations.");
        }

        Changes(report.Changes);
    }

    private void Figures(ReplayReport report)
    {
        var cost = report.Cost;
        var table = RouteReport.PlainTable("", "logged", "replayed", "difference", "95% interval", "");
        RouteReport.Row(
            table, "cost USD", Usd(cost.Logged), Usd(cost.Replayed), Signed(NanoUsd.ToUsd(cost.Difference)),
            Ends(cost.PerRequest, report.Decided / 1e9, "+0.00####;-0.00####;0"),
            string.Create(Plain, $"exact {Usd(cost.Exact)} of {report.Same} requests, estimated {Usd(cost.Estimated)} of {report.Changed}"));
        Mean(table, "expected quality", report.Believed, "0.000", "by the quality table, not measured");
        Mean(table, "latency ms", report.Latency, "0", report.Changed > 0 ? "estimated: another model at its median here" : "");
        console.Write(table);
    }

    private static void Mean(Table table, string name, ReplayedMean mean, string format, string remark)
    {
        if (mean is { Logged: { } logged, Replayed: { } replayed })
        {
            var signed = $"+{format};-{format};{format}";
            RouteReport.Row(
                table, name, logged.ToString(format, Plain), replayed.ToString(format, Plain), (replayed - logged).ToString(signed, Plain),
                Ends(mean.Difference, 1, signed), string.Create(Plain, $"of {mean.Count} requests{(remark.Length > 0 ? "; " : "")}{remark}"));
        }
    }

    private void Rated(RatedQuality rated)
    {
        if (rated.Rated == 0)
        {
            console.WriteLine("Rated quality: not enough data. Nobody rated any of these answers (POST /v1/feedback).");
        }
        else if (rated.Replayed is not null)
        {
            console.WriteLine(string.Create(Plain, $"Rated quality: {rated.Logged:0.000}, the same under both: the same model would have given each of the {rated.Rated} rated answers."));
        }
        else if (rated.Snips is { } snips)
        {
            console.WriteLine(string.Create(
                Plain,
                $"Rated quality: {rated.LoggedDrawn:0.000} logged; replayed {snips:0.000} (SNIPS, 95% {Ends(rated.SnipsInterval, 1, "0.000")}), {rated.DoublyRobust:0.000} (DR, 95% {Ends(rated.DoublyRobustInterval, 1, "0.000")}); effective sample size {rated.EffectiveSampleSize:0.0} of {rated.Drawn} rated requests that were drawn."));
        }
        else
        {
            console.WriteLine(string.Create(
                Plain,
                $"Rated quality: not enough data. {rated.Logged:0.000} logged over {rated.Rated} ratings; {rated.Drawn} of them were drawn by a split or exploration, worth {rated.EffectiveSampleSize:0.0} of this policy's own, and {OffPolicyEstimate.LeastEffectiveSampleSize} are needed{Needed(rated)}."));
        }
    }

    private static string Needed(RatedQuality rated) => rated.Needed is { } needed
        ? string.Create(Plain, $": about {needed} drawn and rated requests")
        : ". Give the policy an arm of a split, or let the logged one explore";

    private void Changes(IReadOnlyList<ReplayedChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        console.WriteLine();
        var table = RouteReport.PlainTable("from", "to", "requests", "difference USD");
        foreach (var change in changes)
        {
            RouteReport.Row(table, change.From, change.To, change.Requests.ToString(Plain), Signed(NanoUsd.ToUsd(change.Difference)));
        }

        console.Write(table);
    }

    private static string Words(UndecidedReason why) => why switch
    {
        UndecidedReason.NoDecision => "without a decision",
        UndecidedReason.UnreadableRecord => "recorded by another version of this program",
        UndecidedReason.OtherCatalog => "decided on a catalog that is not held (older than it is kept, from before catalogs were, or of another release)",
        UndecidedReason.NoAnswer => "without an answer to go by",
        UndecidedReason.StoredAnswer => "answered from the cache of answers",
        UndecidedReason.Refused => "that the policy has nobody for",
        UndecidedReason.NoPrice => "to a model without a price",
        UndecidedReason.Cascade => "of a cascade, whose checks nobody can make afterwards",
        _ => EnumNames<UndecidedReason>.Of(why),
    };

    private static string Usd(long nanoUsd) => NanoUsd.ToUsd(nanoUsd).ToString("0.00####", Plain);

    private static string Signed(decimal usd) => usd.ToString("+0.00####;-0.00####;0.00", Plain);

    private static string Ends(Interval? interval, double times, string format) =>
        interval is { } ends ? $"{(ends.Low * times).ToString(format, Plain)} to {(ends.High * times).ToString(format, Plain)}" : "unknown";
}
