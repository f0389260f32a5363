using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Quality;
using Spectre.Console;

namespace Sommelier.Server.Cli.Quality;

/// <summary>The quality table and its versions as tables.</summary>
internal sealed class QualityReport(IAnsiConsole console)
{
    /// <summary>What is believed.</summary>
    public void Print(QualityVersion? version, IReadOnlyList<QualityRow> rows, DateTimeOffset now)
    {
        console.WriteLine(version is null
            ? $"{QualityVersion.None}: the catalog's own table; nothing was published, or it was rolled back"
            : string.Create(CultureInfo.InvariantCulture, $"{version.Info.Name} of {version.Info.At:yyyy-MM-dd HH:mm} UTC: {version.Info.Reason}"));
        if (rows.Count == 0)
        {
            console.WriteLine("No model has evidence of your own. --model and --intent show what the catalog says.");
            return;
        }

        console.WriteLine();
        var table = RouteReport.PlainTable("model", "intent", "quality", "at least", "n", "age", "evidence");
        foreach (var row in rows)
        {
            RouteReport.Row(
                table,
                row.Model,
                row.Intent.Name(),
                Share(row.Estimate.Mean),
                Share(row.Estimate.Low),
                row.Cell is { } cell ? Count(cell.Answers) : "",
                row.Cell is { } own ? Age(now - own.Newest) : "",
                row.Estimate.Evidence);
        }

        console.Write(table);
    }

    /// <summary>What differs.</summary>
    public void Print(QualityVersion? from, QualityVersion? to, IReadOnlyList<QualityDifference> differences)
    {
        console.WriteLine($"{from?.Info.Name ?? QualityVersion.None} to {to?.Info.Name ?? QualityVersion.None}: {Count(differences.Count)} differences");
        if (differences.Count == 0)
        {
            return;
        }

        console.WriteLine();
        var table = RouteReport.PlainTable("model", "intent", "quality", "", "at least", "", "n", "sources");
        foreach (var one in differences)
        {
            RouteReport.Row(
                table,
                one.Model,
                one.Intent.Name(),
                $"{Share(one.Before.Mean)} to {Share(one.After.Mean)}",
                Change(one.After.Mean - one.Before.Mean),
                $"{Share(one.Before.Low)} to {Share(one.After.Low)}",
                Change(one.After.Low - one.Before.Low),
                one.Cell is { } cell ? Count(cell.Answers) : "",
                one.Cell is { } own ? EvidenceSource.Text(own.Sources) : "other intents");
        }

        console.Write(table);
    }

    /// <summary>All versions.</summary>
    public void Print(QualityVersion? live, IReadOnlyList<QualityVersionInfo> versions)
    {
        if (versions.Count == 0)
        {
            console.WriteLine("No version was published yet; the catalog's own table is in force.");
            return;
        }

        var table = RouteReport.PlainTable("version", "", "made", "by", "on", "n", "reason");
        foreach (var version in versions)
        {
            RouteReport.Row(
                table,
                version.Name,
                version.Number == live?.Info.Number ? "in force" : version.Shadow ? "shadow" : "",
                version.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                version.Actor,
                $"v{Count(version.Parent)}",
                Count(version.Answers),
                version.Reason);
        }

        console.Write(table);
        if (live is null)
        {
            console.WriteLine($"{QualityVersion.None}, the catalog's own table, is in force.");
        }
    }

    private static string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Change(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    private static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Age(TimeSpan age) => age.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} d")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalHours)} h");
}
