using Sommelier.Evals.Judges;
using Sommelier.Evals.Pairs;
using Sommelier.Evals.Runs;
using Sommelier.Statistics.Ranking;
using Sommelier.Statistics.Reports;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Evals.Reports;

/// <summary>What the comparisons of one suite came to.</summary>
internal sealed record PairReport
{
    private const ulong Seed = 1;
    private const double MostMissing = 0.02;

    /// <summary>The suite's name.</summary>
    public required string Suite { get; init; }

    /// <summary>Comparisons that the run is to make.</summary>
    public required int Expected { get; init; }

    /// <summary>All of them together.</summary>
    public required PairTally Tally { get; init; }

    /// <summary>Models that were compared, strongest first.</summary>
    public required IReadOnlyList<PairStanding> Models { get; init; }

    /// <summary>Each pair of models.</summary>
    public required IReadOnlyList<PairOfModels> Pairs { get; init; }

    /// <summary>The judge against people; null without labels.</summary>
    public JudgeCalibration? Calibration { get; init; }

    /// <summary>How far one standard deviation of each feature of style moves the log odds of winning; empty without style control.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> StyleEffects { get; init; } = [];

    /// <summary>Comparisons with a verdict.</summary>
    public int Judged => Tally.First + Tally.Second + Tally.Ties;

    /// <summary>Whether more than 2 % of what was compared has no verdict.</summary>
    public bool IsUnreliable => Tally.Missing > MostMissing * (Judged + Tally.Missing);

    /// <summary>Reckons the comparisons of a suite up; null when it has none.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="models">The run's models in their order, the first of them the anchor of ratings.</param>
    /// <param name="clusters">The cluster of each case of the suite, by its id.</param>
    /// <param name="comparisons">All comparisons of the run.</param>
    /// <param name="answers">All answers of the run.</param>
    public static PairReport? Of(SuiteReference suite, IReadOnlyList<string> models, IReadOnlyDictionary<string, string> clusters, PairResults comparisons, RunResults answers)
    {
        if (suite.Compare is not { } asked)
        {
            return null;
        }

        var all = comparisons.All
            .Where(one => string.Equals(one.Key.Suite, suite.Hash, StringComparison.Ordinal) && clusters.ContainsKey(one.Key.Case) && models.Contains(one.Key.First, StringComparer.Ordinal) && models.Contains(one.Key.Second, StringComparer.Ordinal))
            .OrderBy(static one => one.Key.Case, StringComparer.Ordinal).ThenBy(static one => one.Key.First, StringComparer.Ordinal).ThenBy(static one => one.Key.Second, StringComparer.Ordinal).ThenBy(static one => one.Key.Repeat)
            .ToList();
        var judged = all.Where(static one => one.Grade.Winner != PairWinner.Missing).ToList();
        var played = models.Where(model => judged.Exists(one => Plays(one, model))).ToList();
        var report = new PairReport
        {
            Suite = suite.Id,
            Expected = asked.Pairs,
            Tally = PairTally.Of(all.Select(static one => one.Grade)),
            Models = [],
            Pairs = [.. all.GroupBy(static one => (one.Key.First, one.Key.Second)).Select(group => PairOfModels.Of(group.Key.First, group.Key.Second, [.. group], Wins))],
            Calibration = judged.Exists(static one => one.People is not null) ? JudgeCalibration.OfPairs(judged.Select(static one => (one.Grade.Outcome, one.People))) : null,
        };
        return played.Count < 2 ? report : Ranked(report, judged, played, clusters, asked.Style ? answers : null);

        ScoreSummary Wins(IReadOnlyList<PairResult> some, Func<PairResult, double> outcome) => Summary(some, clusters, outcome);
    }

    private static PairReport Ranked(PairReport report, List<PairResult> judged, List<string> played, IReadOnlyDictionary<string, string> clusters, RunResults? styled)
    {
        Game[] games = [.. judged.Select(one => new Game(played.IndexOf(one.Key.First), played.IndexOf(one.Key.Second), one.Grade.Outcome))];
        var together = Clusters.Of<string>([.. judged.Select(one => clusters[one.Key.Case])]);
        var standings = Standings.Of(new(games, played.Count), anchor: 0, Seed, clusters: together);
        var dressed = styled is null ? null : new BradleyTerry(games, played.Count, AnswerStyle.Differences([.. judged.Select(one => (Style(one, one.Key.First, styled), Style(one, one.Key.Second, styled)))]));
        var undressed = dressed is null ? null : Standings.Of(dressed, anchor: 0, Seed, clusters: together);
        var effects = dressed?.Fit().StyleEffects ?? [];
        return report with
        {
            Models = [.. played.Select((model, place) => new PairStanding(
                model,
                PairTally.Of(judged.Where(one => Plays(one, model)).Select(one => Plays(one, model, first: true) ? one.Grade : one.Grade.Swapped())),
                Summary([.. judged.Where(one => Plays(one, model))], clusters, one => Plays(one, model, first: true) ? one.Grade.Outcome : 1 - one.Grade.Outcome),
                standings[place],
                undressed?[place])).OrderByDescending(static one => one.Standing.Rating)],
            StyleEffects = [.. effects.Select(static (effect, feature) => KeyValuePair.Create(AnswerStyle.Features[feature], effect))],
        };
    }

    private static bool Plays(PairResult one, string model) => Plays(one, model, first: true) || string.Equals(one.Key.Second, model, StringComparison.Ordinal);

    private static bool Plays(PairResult one, string model, bool first) => first && string.Equals(one.Key.First, model, StringComparison.Ordinal);

    private static AnswerStyle Style(PairResult one, string model, RunResults answers) =>
        AnswerStyle.Of(answers.Find(new(one.Key.Suite, one.Key.Case, model, one.Key.Repeat))?.Answer?.Text ?? "");

    private static ScoreSummary Summary(IReadOnlyList<PairResult> some, IReadOnlyDictionary<string, string> clusters, Func<PairResult, double> outcome) =>
        ScoreSummary.Of([.. some.Select(outcome)], Clusters.Of<string>([.. some.Select(one => clusters[one.Key.Case])]), Seed);
}

/// <summary>A model among those that were compared.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Tally">Its comparisons, itself the first.</param>
/// <param name="WinRate">Wins and half of the ties, of all its comparisons, with its 95 % interval.</param>
/// <param name="Standing">Its place by Bradley and Terry; the run's first model has 1000.</param>
/// <param name="StyleControlled">The same of answers in the same style; null where that is not asked for.</param>
internal sealed record PairStanding(string Model, PairTally Tally, ScoreSummary WinRate, Standing Standing, Standing? StyleControlled);

/// <summary>Two models side by side.</summary>
/// <param name="First">Whose wins count.</param>
/// <param name="Second">The other.</param>
/// <param name="Tally">Their comparisons.</param>
/// <param name="WinRate">The first one's wins and half of the ties, with its 95 % interval.</param>
/// <param name="People">The judge against people in these comparisons, and the win rate freed of its bias; null without labels.</param>
internal sealed record PairOfModels(string First, string Second, PairTally Tally, ScoreSummary WinRate, JudgeCalibration? People)
{
    /// <summary>Whether the interval leaves a half out.</summary>
    public bool Differs => WinRate.Interval is { } interval && !interval.Contains(0.5);

    /// <summary>Counts.</summary>
    public static PairOfModels Of(string first, string second, IReadOnlyList<PairResult> all, Func<IReadOnlyList<PairResult>, Func<PairResult, double>, ScoreSummary> summary) => new(
        first,
        second,
        PairTally.Of(all.Select(static one => one.Grade)),
        summary(all, static one => one.Grade.Outcome),
        all.Any(static one => one.People is not null && one.Grade.Winner != PairWinner.Missing)
            ? JudgeCalibration.OfPairs(all.Where(static one => one.Grade.Winner != PairWinner.Missing).Select(static one => (one.Grade.Outcome, one.People)))
            : null);
}
