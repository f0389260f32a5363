using Sommelier.Catalog;
using Sommelier.CatalogBuilder.Facts;

namespace Sommelier.CatalogBuilder.Quality;

/// <summary>A model as the catalog knows it, for guessing what the boards do not say.</summary>
/// <param name="Model">Canonical id.</param>
/// <param name="Family">Its family, empty when unknown.</param>
/// <param name="Line">The line of families, empty when the table of families does not know it.</param>
/// <param name="Maker">Who made it.</param>
/// <param name="Years">Release, in years since 2025-01-01.</param>
/// <param name="LogPrice">log10 of (3 x input + output) / 4 in USD per million; null when no price is known.</param>
public sealed record Kin(string Model, string Family, string Line, string Maker, double Years, double? LogPrice)
{
    /// <summary>One entry per canonical chat model of the catalog.</summary>
    public static List<Kin> All(List<ProviderModels> facts, FamilyLines lines) => facts
        .SelectMany(p => p.Models)
        .Where(m => m.Kind == ModelKind.Chat)
        .GroupBy(m => m.CanonicalModel, StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => Of(g.Key, g.ToList(), lines))
        .ToList();

    private static Kin Of(string model, List<Deployment> hosted, FamilyLines lines)
    {
        var maker = hosted.Select(d => d.Maker).Where(m => m.Length > 0).GroupBy(m => m).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key ?? "";
        var priced = hosted.Where(d => d.Price is { InputUsdPerMillion: > 0 }).ToList();
        var own = priced.Where(d => d.Provider == maker || (d.Provider == "gemini" && maker == "google") || (d.Provider == "doubao" && maker == "bytedance")).ToList();
        var prices = (own.Count > 0 ? own : priced).Select(d => (double)((3 * d.Price!.InputUsdPerMillion) + d.Price.OutputUsdPerMillion) / 4).Order().ToArray();
        var family = hosted.Select(d => d.Family).FirstOrDefault(f => f.Length > 0) ?? "";
        var known = hosted.Select(FactBuilder.FirstSeen).Where(d => d > DateOnly.MinValue).DefaultIfEmpty(new(2025, 6, 1)).Min();
        return new(
            model, family, lines.Knows(model) ? lines.LineOf(family) : "", maker,
            (known.DayNumber - new DateOnly(2025, 1, 1).DayNumber) / 365.25,
            prices.Length == 0 ? null : Math.Log10(prices[prices.Length / 2]));
    }
}

/// <summary>Guesses the ability of a model that no board measured, from its line and from its maker, price and age.</summary>
/// <remarks>
/// Two weak regressors. Line: the ability of the nearest measured model of the line (the newest before it, else the oldest
/// after it) plus a drift per year between them. Market: a straight line in log price and release date plus the maker's
/// mean residual, shrunk. They are joined by the inverse of their squared leave-one-out errors. A model that is newer than a
/// measured model of its line is never taken to be worse than it.
/// </remarks>
public sealed class Kinship
{
    /// <summary>The evidence of a model whose maker no board measured: nothing checks that guess.</summary>
    public const string Stranger = "guess: price and date, maker never measured";

    /// <summary>The evidence of a model with neither a measured line nor a price.</summary>
    public const string Unknown = "guess: nothing known but that it exists";

    private const double MakerShrinkage = 3;
    private const double GuessColumns = 2;

    private readonly List<(Kin Kin, double Ability)> known;
    private readonly List<(Kin Kin, double Ability)> thin = [];

    /// <summary>Learns from the models that are in the catalog and measured in at least four columns, and reports its leave-one-out errors.</summary>
    /// <remarks>A model with fewer columns teaches nothing, but once its ability is shrunk to its own guess it can be a donor of its line.</remarks>
    public Kinship(List<Kin> models, IReadOnlyDictionary<string, Measured> measured, TextWriter report)
    {
        known = models.Where(m => measured.TryGetValue(m.Model, out var own) && own.Columns >= 4).Select(m => (m, measured[m.Model].Overall)).ToList();
        var line = known.Select(k => (k.Ability, Guess: ByLine(k.Kin, Without(k.Kin)))).Where(e => e.Guess is not null).ToList();
        var market = known.Select(k => (k.Ability, Guess: ByMarket(k.Kin, Without(k.Kin)))).Where(e => e.Guess is not null).ToList();
        LineError = Math.Sqrt(line.Average(e => Square(e.Ability - e.Guess!.Value.Ability)));
        MarketError = Math.Sqrt(market.Average(e => Square(e.Ability - e.Guess!.Value)));
        var both = known.Select(k => (k.Ability, Line: ByLine(k.Kin, Without(k.Kin)), Market: ByMarket(k.Kin, Without(k.Kin)))).Where(e => e.Line is not null && e.Market is not null).ToList();
        JointError = Math.Sqrt(both.Average(e => Square(e.Ability - Join(e.Line!.Value.Ability, e.Market!.Value))));
        StrangerError = Math.Sqrt(known.Select(k => (k.Ability, Guess: ByMarket(k.Kin, known.Where(o => o.Kin.Maker != k.Kin.Maker).ToList())))
            .Where(e => e.Guess is not null)
            .Average(e => Square(e.Ability - e.Guess!.Value)));
        var mean = known.Average(k => k.Ability);
        Spread = Math.Sqrt(known.Average(k => Square(k.Ability - mean)));
        report.WriteLine($"unmeasured models, leave-one-out error in standard deviations of ability over {known.Count} measured models (spread {Spread:0.00}):");
        report.WriteLine($"  line {LineError:0.00} (n={line.Count}, drift {Drift(known):+0.00;-0.00} a year), maker+price+date {MarketError:0.00} (n={market.Count}), both {JointError:0.00} (n={both.Count}), maker never measured {StrangerError:0.00}");
        thin = models.Where(m => measured.TryGetValue(m.Model, out var own) && own.Columns < 4).Select(m => (m, Shrunk(measured[m.Model], Guess(m).Ability))).ToList();
    }

    /// <summary>Root mean square leave-one-out error of the line.</summary>
    public double LineError { get; }

    /// <summary>Of maker, price and date.</summary>
    public double MarketError { get; }

    /// <summary>Of price and date alone, with every model of the maker left out: for makers that no board measured.</summary>
    public double StrangerError { get; }

    /// <summary>Of both together, on the models that have both.</summary>
    public double JointError { get; }

    /// <summary>Standard deviation of the measured abilities: the error of knowing nothing.</summary>
    public double Spread { get; }

    /// <summary>A measured model's overall ability: its columns, and its guess with the weight of two columns.</summary>
    public static double Shrunk(Measured own, double guess) => ((own.Overall * own.Columns) + (guess * GuessColumns)) / (own.Columns + GuessColumns);

    /// <summary>Ability, its error, the measured model it leans on (null when none), and in words where it comes from.</summary>
    public (double Ability, double Error, string? Donor, string Evidence) Guess(Kin kin)
    {
        var others = Without(kin);
        var line = ByLine(kin, others, thin.Where(t => t.Kin.Model != kin.Model));
        var market = ByMarket(kin, others);
        if (line is { } l)
        {
            var joint = market is { } m ? Join(l.Ability, m) : l.Ability;
            var ability = kin.Years >= l.Donor.Kin.Years ? Math.Max(joint, l.Donor.Ability) : joint;
            return (ability, market is null ? LineError : JointError, l.Donor.Kin.Model, $"guess: family {kin.Family}, from {l.Donor.Kin.Model}");
        }

        var met = kin.Maker.Length > 0 && others.Any(o => o.Kin.Maker == kin.Maker);
        return market is { } guess
            ? (guess, met ? MarketError : StrangerError, null, met ? $"guess: maker {kin.Maker}, price and date" : Stranger)
            : (known.Average(k => k.Ability) - Spread, Spread, null, Unknown);
    }

    private List<(Kin Kin, double Ability)> Without(Kin kin) => known.Where(k => k.Kin.Model != kin.Model).ToList();

    private double Join(double line, double market)
    {
        var (a, b) = (1 / Square(LineError), 1 / Square(MarketError));
        return ((line * a) + (market * b)) / (a + b);
    }

    private static (double Ability, (Kin Kin, double Ability) Donor)? ByLine(
        Kin kin, List<(Kin Kin, double Ability)> others, IEnumerable<(Kin Kin, double Ability)>? more = null)
    {
        if (kin.Line.Length == 0 || others.Concat(more ?? []).Where(o => o.Kin.Line == kin.Line).ToList() is not { Count: > 0 } kindred)
        {
            return null;
        }

        var before = kindred.Where(o => o.Kin.Years <= kin.Years).OrderByDescending(o => o.Kin.Years).ThenBy(o => o.Kin.Model, StringComparer.Ordinal).ToList();
        var donor = before.Count > 0 ? before[0] : kindred.OrderBy(o => o.Kin.Years).ThenBy(o => o.Kin.Model, StringComparer.Ordinal).First();
        return (donor.Ability + (Drift(others) * (kin.Years - donor.Kin.Years)), donor);
    }

    /// <summary>The gain a year inside lines: least squares through the origin over neighbouring measured models.</summary>
    private static double Drift(List<(Kin Kin, double Ability)> models)
    {
        double xy = 0, xx = 0;
        foreach (var line in models.Where(m => m.Kin.Line.Length > 0).GroupBy(m => m.Kin.Line))
        {
            var sorted = line.OrderBy(m => m.Kin.Years).ThenBy(m => m.Kin.Model, StringComparer.Ordinal).ToList();
            for (var i = 1; i < sorted.Count; i++)
            {
                var years = sorted[i].Kin.Years - sorted[i - 1].Kin.Years;
                xy += years * (sorted[i].Ability - sorted[i - 1].Ability);
                xx += years * years;
            }
        }

        return xx == 0 ? 0 : Math.Max(0, xy / xx);
    }

    private static double? ByMarket(Kin kin, List<(Kin Kin, double Ability)> others)
    {
        if (kin.LogPrice is not { } price)
        {
            return null;
        }

        // Outside the range of prices that were measured the line is not believed: a price of 600 is not three times one of 30.
        var priced = others.Where(o => o.Kin.LogPrice is not null).ToList();
        price = Math.Clamp(price, priced.Min(o => o.Kin.LogPrice!.Value), priced.Max(o => o.Kin.LogPrice!.Value));
        var (a, b, c) = Plane(priced.Select(o => (o.Kin.LogPrice!.Value, o.Kin.Years, o.Ability)).ToList());
        var residuals = priced.Where(o => o.Kin.Maker == kin.Maker && kin.Maker.Length > 0).Select(o => o.Ability - (a + (b * o.Kin.LogPrice!.Value) + (c * o.Kin.Years))).ToList();
        return a + (b * price) + (c * kin.Years) + (residuals.Sum() / (residuals.Count + MakerShrinkage));
    }

    /// <summary>Least squares of z = a + b x + c y, centred.</summary>
    private static (double A, double B, double C) Plane(List<(double X, double Y, double Z)> points)
    {
        var (mx, my, mz) = (points.Average(p => p.X), points.Average(p => p.Y), points.Average(p => p.Z));
        double xx = 0, yy = 0, xy = 0, xz = 0, yz = 0;
        foreach (var (x, y, z) in points)
        {
            xx += (x - mx) * (x - mx);
            yy += (y - my) * (y - my);
            xy += (x - mx) * (y - my);
            xz += (x - mx) * (z - mz);
            yz += (y - my) * (z - mz);
        }

        var determinant = (xx * yy) - (xy * xy);
        var b = ((xz * yy) - (yz * xy)) / determinant;
        var c = ((yz * xx) - (xz * xy)) / determinant;
        return (mz - (b * mx) - (c * my), b, c);
    }

    private static double Square(double x) => x * x;
}
