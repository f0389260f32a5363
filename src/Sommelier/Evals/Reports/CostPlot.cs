using System.Globalization;

namespace Sommelier.Evals.Reports;

/// <summary>Score against price, as an inline picture: the line joins the models that no other beats in both.</summary>
internal static class CostPlot
{
    private const double Width = 760;
    private const double Height = 320;
    private const double Left = 50;
    private const double Bottom = 40;

    /// <summary>Writes the picture; nothing when fewer than two models have a score and a price.</summary>
    public static void Write(TextWriter output, IReadOnlyList<ModelReport> models)
    {
        var points = models.Where(static model => model is { Score.Mean: not null, CostPerAnswerUsd: > 0 }).Select(static model => (model.Name, Cost: (double)model.CostPerAnswerUsd!.Value * 1000, Score: model.Score.Mean!.Value)).OrderBy(static point => point.Cost).ThenByDescending(static point => point.Score).ToList();
        if (points.Count < 2)
        {
            return;
        }

        // Prices differ by orders of magnitude.
        var (least, most) = (Math.Log10(points[0].Cost) - 0.2, Math.Log10(points[^1].Cost) + 0.2);
        var (low, high) = (Math.Max(0, points.Min(static point => point.Score) - 0.05), Math.Min(1, points.Max(static point => point.Score) + 0.05));
        double X(double cost) => Left + ((Math.Log10(cost) - least) / (most - least) * (Width - Left - 150));
        double Y(double score) => 10 + ((high - score) / Math.Max(0.01, high - low) * (Height - Bottom - 20));

        output.Write(string.Create(CultureInfo.InvariantCulture, $"<h2>Score and price</h2>\n<svg viewBox=\"0 0 {Width} {Height}\" width=\"100%\" role=\"img\" aria-label=\"score against price\">\n<line class=\"axis\" x1=\"{Left}\" y1=\"{Height - Bottom}\" x2=\"{Width}\" y2=\"{Height - Bottom}\"/><line class=\"axis\" x1=\"{Left}\" y1=\"0\" x2=\"{Left}\" y2=\"{Height - Bottom}\"/>\n"));
        output.Write(string.Create(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{Height - 8}\">USD per 1000 answers: {points[0].Cost:0.###} to {points[^1].Cost:0.###}, logarithmic</text><text x=\"4\" y=\"16\">{100 * high:0}</text><text x=\"4\" y=\"{Height - Bottom}\">{100 * low:0}</text>\n"));
        var front = Front(points);
        output.Write($"<polyline class=\"front\" points=\"{string.Join(' ', front.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Cost):0.#},{Y(point.Score):0.#}")))}\"/>\n");
        foreach (var point in points)
        {
            output.Write(string.Create(CultureInfo.InvariantCulture, $"<circle class=\"{(front.Contains(point) ? "dot" : "off")}\" cx=\"{X(point.Cost):0.#}\" cy=\"{Y(point.Score):0.#}\" r=\"5\"/><text x=\"{X(point.Cost) + 8:0.#}\" y=\"{Y(point.Score) + 4:0.#}\">{ReportHtml.Text(point.Name)}</text>\n"));
        }

        output.Write("</svg>\n");
    }

    /// <summary>Of points by rising cost, those that score more than every cheaper one.</summary>
    private static List<(string Name, double Cost, double Score)> Front(List<(string Name, double Cost, double Score)> points)
    {
        var front = new List<(string Name, double Cost, double Score)>();
        foreach (var point in points)
        {
            if (front.Count == 0 || point.Score > front[^1].Score)
            {
                front.Add(point);
            }
        }

        return front;
    }
}
