using System.Globalization;
using Sommelier.Evals.Runs;

namespace Sommelier.Server.Cli.Evals;

/// <summary>Shows how a run goes: one line that changes on a terminal, a line now and then elsewhere.</summary>
internal sealed class RunProgress : IRunProgress, IDisposable
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan InLog = TimeSpan.FromSeconds(10);

    private readonly CliContext context;
    private readonly int total;
    private readonly bool terminal;
    private readonly long begin;
    private readonly SortedDictionary<string, (int Scored, double Sum)> scores = new(StringComparer.Ordinal);
    private long shownAt;
    private int done;
    private int missing;
    private int width;

    private RunProgress(CliContext context, int total, RunManifest manifest, bool terminal)
    {
        this.context = context;
        this.total = total;
        this.terminal = terminal;
        begin = context.Time.GetTimestamp();
        shownAt = begin;
        foreach (var model in manifest.Models)
        {
            scores[model] = default;
        }
    }

    /// <summary>For a run of so many items. Everything goes where complaints go: the output is for the result.</summary>
    public static RunProgress For(CliContext context, int total, RunManifest manifest) =>
        new(context, total, manifest, context.ErrorIsTerminal);

    /// <inheritdoc/>
    public void Done(EvalResult result, decimal spentUsd)
    {
        done++;
        if (result.Score is { } score)
        {
            var (scored, sum) = scores.GetValueOrDefault(result.Key.Model);
            scores[result.Key.Model] = (scored + 1, sum + score);
        }
        else
        {
            missing++;
        }

        if (done < total && context.Time.GetElapsedTime(shownAt) < (terminal ? OnTerminal : InLog))
        {
            return;
        }

        shownAt = context.Time.GetTimestamp();
        Show(Line(spentUsd));
    }

    /// <inheritdoc/>
    public void Compared(int done, int total, decimal spentUsd)
    {
        if (done < total && context.Time.GetElapsedTime(shownAt) < (terminal ? OnTerminal : InLog))
        {
            return;
        }

        shownAt = context.Time.GetTimestamp();
        Show(string.Create(CultureInfo.InvariantCulture, $"{done}/{total} comparisons, {spentUsd:0.####} USD"));
    }

    /// <inheritdoc/>
    public void Unusable(Candidate model, string why)
    {
        Clear();
        context.Error.WriteLine($"sommelier: {model.Name} is not asked any more: {why}");
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private string Line(decimal spentUsd)
    {
        var elapsed = context.Time.GetElapsedTime(begin);
        var left = TimeSpan.FromSeconds(done == 0 ? 0 : elapsed.TotalSeconds / done * (total - done));
        var models = string.Join("  ", scores.Where(static pair => pair.Value.Scored > 0).Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {Running(pair.Value)}")));
        var lost = missing == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {missing} missing");
        return string.Create(CultureInfo.InvariantCulture, $"{done}/{total} {(done == total ? $"in {Short(elapsed)}" : $"{Short(left)} left")}, {spentUsd:0.####} USD{lost}  {models}");
    }

    private static string Running((int Scored, double Sum) score)
    {
        var interval = Sommelier.Statistics.Intervals.WilsonInterval.Of(Math.Min(score.Sum, score.Scored), score.Scored);
        return string.Create(CultureInfo.InvariantCulture, $"{100 * score.Sum / score.Scored:0} [{100 * interval.Low:0}-{100 * interval.High:0}]");
    }

    private static string Short(TimeSpan time) => time.TotalMinutes >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private void Show(string line)
    {
        if (!terminal)
        {
            context.Error.WriteLine(line);
            return;
        }

        var room = Math.Max(20, context.Console.Profile.Width - 1);
        line = line.Length > room ? line[..room] : line;
        context.Error.Write($"\r{line.PadRight(width)}");
        width = line.Length;
    }

    private void Clear()
    {
        if (terminal && width > 0)
        {
            context.Error.Write($"\r{new string(' ', width)}\r");
            width = 0;
        }
    }
}
