using System.Globalization;
using System.Net;
using System.Text;
using Sommelier.RouterBenchmark.Contestants;

namespace Sommelier.RouterBenchmark.Reports;

/// <summary>Draws a report as an SVG picture: curves where contestants have settings, else each one's main figure with its interval.</summary>
internal static class SvgPlot
{
    private const int Width = 760;
    private const int Left = 60;
    private const int Right = 190;
    private const int Top = 34;
    private const int Bottom = 46;
    private static readonly string[] Colours = ["#0b6e4f", "#c1292e", "#235789", "#f1a208", "#6a4c93", "#00a6a6", "#8d6a4f", "#5f7470", "#e36588", "#161925"];

    /// <summary>The picture.</summary>
    public static string Of(SetReport report) => report.Curves.Count > 0 ? Curves(report) : Intervals(report);

    private static string Curves(SetReport report)
    {
        const int Height = 400;
        var shown = report.Curves.Where(c => c.Contestant.Standing != Standing.Bound && c.Points.Count > 1).ToList();
        var dots = report.Set.IsPair ? [] : report.Lines.Where(l => l.Figures.ContainsKey(FigureKind.Usd)).ToList();
        var xs = shown.SelectMany(c => c.Points.Select(p => p.X)).Concat(dots.Select(d => d.Figures[FigureKind.Usd].Value)).Where(x => report.Set.IsPair || x > 0).ToList();
        var ys = shown.SelectMany(c => c.Points.Select(p => p.Y)).Concat(dots.Select(d => d.Figures[FigureKind.Accuracy].Value)).ToList();
        var x = new Axis(xs.Min(), xs.Max(), Left, Width - Right, logarithmic: !report.Set.IsPair);
        var y = new Axis(ys.Min(), ys.Max(), Height - Bottom, Top, logarithmic: false);
        var svg = Begin(report.Set.Name, Height);
        Grid(svg, x, y, Height, report.Set.IsPair ? "calls to the strong model, %" : "USD per thousand questions", "quality, 0 to 100");
        var legend = 0;
        foreach (var curve in shown)
        {
            var colour = Colours[legend % Colours.Length];
            var points = curve.Points.Where(p => report.Set.IsPair || p.X > 0).OrderBy(p => p.X).Select(p => $"{N(x.At(p.X))},{N(y.At(p.Y))}");
            var singles = curve.Contestant.Name is "best-single";
            svg.Append(singles ? "" : $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" points=\"{string.Join(' ', points)}\"/>\n");
            if (singles)
            {
                foreach (var (px, py) in curve.Points)
                {
                    svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{N(x.At(px))}\" cy=\"{N(y.At(py))}\" r=\"2.5\" fill=\"none\" stroke=\"{colour}\"/>\n");
                }
            }

            Legend(svg, legend++, colour, singles ? "single models" : curve.Contestant.Name);
        }

        foreach (var line in dots)
        {
            var colour = Colours[legend % Colours.Length];
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{N(x.At(line.Figures[FigureKind.Usd].Value))}\" cy=\"{N(y.At(line.Figures[FigureKind.Accuracy].Value))}\" r=\"4\" fill=\"{colour}\"/>\n");
            Legend(svg, legend++, colour, "● " + line.Contestant.Name);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Intervals(SetReport report)
    {
        const int Row = 20;
        var main = report.Figures[0];
        var height = Top + Bottom + (Row * report.Lines.Count);
        var x = new Axis(report.Lines.Min(l => l.Figures[main].Range.Low), report.Lines.Max(l => l.Figures[main].Range.High), Left + 110, Width - 40, logarithmic: false);
        var svg = Begin(report.Set.Name, height);
        foreach (var tick in Ticks.Linear(x.From, x.To))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{N(x.At(tick))}\" x2=\"{N(x.At(tick))}\" y1=\"{Top}\" y2=\"{height - Bottom}\" stroke=\"#ddd\"/><text x=\"{N(x.At(tick))}\" y=\"{height - Bottom + 16}\" text-anchor=\"middle\">{Label(tick)}</text>\n");
        }

        foreach (var (i, line) in report.Lines.Index())
        {
            var at = Top + (Row * i) + (Row / 2);
            var (value, range) = line.Figures[main];
            var colour = line.Contestant.Standing switch { Standing.Ours => Colours[0], Standing.Bound => "#999", _ => Colours[2] };
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + 100}\" y=\"{at + 4}\" text-anchor=\"end\">{Safe(line.Contestant.Name)}</text><line x1=\"{N(x.At(range.Low))}\" x2=\"{N(x.At(range.High))}\" y1=\"{at}\" y2=\"{at}\" stroke=\"{colour}\" stroke-width=\"2\"/><circle cx=\"{N(x.At(value))}\" cy=\"{at}\" r=\"4\" fill=\"{colour}\"/>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width) / 2}\" y=\"{height - 8}\" text-anchor=\"middle\">{Safe(main.Heading)} with 95 % intervals</text>\n");
        return svg.Append("</svg>\n").ToString();
    }

    private static StringBuilder Begin(string title, int height) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#222\">\n")
        .Append(CultureInfo.InvariantCulture, $"<title>{Safe(title)}</title><rect width=\"{Width}\" height=\"{height}\" fill=\"#fff\"/><text x=\"{Left}\" y=\"20\" font-size=\"13\">{Safe(title)}</text>\n");

    private static void Grid(StringBuilder svg, Axis x, Axis y, int height, string across, string up)
    {
        foreach (var tick in x.Ticks())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{N(x.At(tick))}\" x2=\"{N(x.At(tick))}\" y1=\"{Top}\" y2=\"{height - Bottom}\" stroke=\"#e4e4e4\"/><text x=\"{N(x.At(tick))}\" y=\"{height - Bottom + 15}\" text-anchor=\"middle\">{Label(tick)}</text>\n");
        }

        foreach (var tick in y.Ticks())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{N(y.At(tick))}\" y2=\"{N(y.At(tick))}\" stroke=\"#e4e4e4\"/><text x=\"{Left - 6}\" y=\"{N(y.At(tick) + 4)}\" text-anchor=\"end\">{Label(tick)}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{height - 10}\" text-anchor=\"middle\">{Safe(across)}</text><text transform=\"translate(16 {height / 2}) rotate(-90)\" text-anchor=\"middle\">{Safe(up)}</text>\n");
    }

    private static void Legend(StringBuilder svg, int place, string colour, string text) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{Width - Right + 12}\" y=\"{Top + 10 + (16 * place)}\" fill=\"{colour}\">{(text[0] == '●' ? "" : "— ")}{Safe(text)}</text>\n");

    private static string N(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Label(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Safe(string text) => WebUtility.HtmlEncode(text);

    private sealed class Axis
    {
        private readonly bool logarithmic;
        private readonly double start;
        private readonly double end;

        public Axis(double from, double to, double start, double end, bool logarithmic)
        {
            (this.start, this.end, this.logarithmic) = (start, end, logarithmic);
            var margin = logarithmic ? Math.Pow(Math.Max(1.01, to / from), 0.04) : Math.Max(1e-9, (to - from) * 0.04);
            (From, To) = logarithmic ? (from / margin, to * margin) : (from - margin, to + margin);
        }

        public double From { get; }

        public double To { get; }

        public double At(double value) =>
            start + ((end - start) * (logarithmic ? Math.Log(value / From) / Math.Log(To / From) : (value - From) / (To - From)));

        public IEnumerable<double> Ticks() => logarithmic ? Reports.Ticks.Logarithmic(From, To) : Reports.Ticks.Linear(From, To);
    }
}
