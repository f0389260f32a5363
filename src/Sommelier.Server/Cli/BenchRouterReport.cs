using Sommelier.RouterBenchmark.Contestants;
using Sommelier.RouterBenchmark.Metrics;
using Sommelier.RouterBenchmark.Reports;
using Spectre.Console;

namespace Sommelier.Server.Cli;

/// <summary>A set's figures as a table, the main one also drawn with its interval.</summary>
internal sealed class BenchRouterReport(IAnsiConsole console)
{
    private const int Columns = 32;

    /// <summary>Prints it.</summary>
    public void Print(SetReport report)
    {
        console.WriteLine();
        console.Write(new Text(report.Set.Name + "\n", new Style(decoration: Decoration.Bold)));
        console.Write(new Text(FigureText.About(report) + "\n", new Style(Color.Grey)));
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("strategy").NoWrap());
        table.AddColumn(new TableColumn("").NoWrap());
        foreach (var kind in report.Figures)
        {
            table.AddColumn(new TableColumn(new Text(kind.Heading)).NoWrap());
        }

        var low = report.Lines.Min(l => l.Figures[report.Figures[0]].Range.Low);
        var high = report.Lines.Max(l => l.Figures[report.Figures[0]].Range.High);
        foreach (var line in report.Lines)
        {
            var style = line.Contestant.Standing switch { Standing.Ours => new Style(Color.Green), Standing.Bound => new Style(Color.Grey), _ => Style.Plain };
            table.AddRow([new Text(line.Contestant.Name, style), new Text(Drawn(line.Figures[report.Figures[0]], low, high)), .. report.Figures.Select(kind => new Text(FigureText.Of(kind, line)))]);
        }

        console.Write(table);
    }

    // The range of all intervals over the columns: a line for the interval, a dot for the value.
    private static string Drawn(Estimate estimate, double low, double high)
    {
        var drawn = new string(' ', Columns).ToCharArray();
        for (var i = At(estimate.Range.Low); i <= At(estimate.Range.High); i++)
        {
            drawn[i] = '─';
        }

        drawn[At(estimate.Value)] = '●';
        return new string(drawn);

        int At(double value) => high > low ? Math.Clamp((int)((value - low) / (high - low) * (Columns - 1)), 0, Columns - 1) : 0;
    }
}
