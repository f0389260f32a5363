using System.Globalization;
using Sommelier.Catalog;
using Sommelier.Evals.Publishing;
using Sommelier.Evals.Reports;
using Sommelier.Evals.Runs;
using Sommelier.Evals.Scheduling;
using Sommelier.Evals.Suites;
using Sommelier.Configuration;
using Sommelier.Server.Cli.Quality;
using Sommelier.Storage;

namespace Sommelier.Server.Cli.Evals.Scheduling;

/// <summary>Brings one scheduled eval as far as the day's money goes: a first look, the rest if it is worth it, and the publication.</summary>
/// <param name="context">The process, silent.</param>
/// <param name="settings">Configuration and data folder.</param>
/// <param name="evals">What is wanted.</param>
/// <param name="store">How evals stand.</param>
/// <param name="logger">Is told of failures that nobody foresaw.</param>
internal sealed class ScheduledRun(CliContext context, ServeSettings settings, NewModelsConfig evals, ScheduleStore store, ILogger logger)
{
    /// <summary>Calls at once: nobody waits for it, and what a kill cuts off is little.</summary>
    public const int Concurrency = 4;

    private const int MostFailures = 5;
    private const double MostMissing = 0.02;

    // How long a run that lies with another instance is left to it.
    private static readonly TimeSpan LeftToOthers = TimeSpan.FromDays(1);

    private readonly RunSettings running = new() { Serve = settings, Concurrency = Concurrency, Yes = true, Unattended = true };

    /// <summary>Whether an eval can be gone on with here: it has not begun, its run lies here, or whoever has it has let it lie.</summary>
    public bool IsOurs(ScheduledEval eval) => eval.Run is not { } run || Directory.Exists(FolderOf(run).Path) || context.Time.GetUtcNow() - eval.Changed > LeftToOthers;

    /// <summary>The folder of a run.</summary>
    public RunFolder FolderOf(string run) => new(Path.Combine(running.Runs, run));

    /// <summary>USD that a call of an eval costs at most, by the catalog's prices; 0 where none is known.</summary>
    /// <exception cref="CliException">The suite cannot be read, or the model is not there any more.</exception>
    public decimal CallUsd(ScheduledEval eval, CatalogSnapshot catalog)
    {
        var model = Candidate.Find(eval.Model, catalog, out var problem) ?? throw new CliException(problem);
        var guess = new CostGuess(context.Time);
        return Read(eval.Suite).Cases.Max(asked => guess.UsdAtMost(asked, model.Deployment));
    }

    /// <summary>Goes on with an eval; how it stands then is stored.</summary>
    public async Task<ScheduledEval> GoOnAsync(ScheduledEval eval, CancellationToken cancellationToken)
    {
        try
        {
            return await StandsAsync(await StepAsync(eval, cancellationToken), cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, it is this one's trouble: the others go on.
            if (failure is not CliException)
            {
                logger.ScheduledEvalFailed(failure, eval.Model, eval.Suite);
            }

            return await StandsAsync(Postponed((await store.AllAsync(cancellationToken)).First(eval.IsSame), failure.Message), cancellationToken);
        }
    }

    private async Task<ScheduledEval> StepAsync(ScheduledEval eval, CancellationToken cancellationToken)
    {
        var suite = Read(eval.Suite);
        var known = KnownModel.Of(running.Runs, suite);
        if (eval.Run is null && known.Any(one => one.IsWhole && string.Equals(one.Name, eval.Model, StringComparison.Ordinal)))
        {
            return eval with { State = ScheduleState.Done, Detail = "its results are known already" };
        }

        known = [.. known.Where(one => !string.Equals(one.Name, eval.Model, StringComparison.Ordinal))];
        var manifest = Manifest(eval, suite, known.Count > 0);
        var folder = FolderOf(manifest.Id);
        PrivateFolder.Create(folder.Path);
        while (true)
        {
            eval = await StandsAsync(eval with { Run = manifest.Id, State = manifest.Cases is null ? ScheduleState.Rest : ScheduleState.FirstLook }, cancellationToken);
            var (end, left) = await AskAsync(eval, folder, manifest, suite, cancellationToken);
            if (end == RunEnd.Canceled)
            {
                throw new OperationCanceledException(cancellationToken);
            }

            if (end == RunEnd.Budget)
            {
                return left == evals.MaxUsdPerDay && await LeftAsync(cancellationToken) == left
                    ? Postponed(eval, "one answer may cost more than max_usd_per_day allows")
                    : eval with { Due = ScheduledEval.NextDay(context.Time.GetUtcNow()), Detail = "the day's money is spent" };
            }

            var report = RunReports.Read(folder, running.Runs, end);
            var model = report.Models.First(static one => !one.IsRecorded);
            if (model.Expected - model.Scored > MostMissing * model.Expected)
            {
                return Postponed(eval, string.Create(CultureInfo.InvariantCulture, $"{model.Expected - model.Scored} of {model.Expected} answers could not be had or judged"));
            }

            eval = eval with { Failures = 0 };
            if (manifest.Cases is null)
            {
                await PublishAsync(report, cancellationToken);
                return eval with { State = ScheduleState.Done, Detail = string.Create(CultureInfo.InvariantCulture, $"{100 * model.Score.Mean:0.0} on {model.Scored} answers") };
            }

            var clusters = KnownModel.Asked(suite).Select(static asked => asked.Cluster).ToList();
            var look = FirstLook.Of(KnownModel.Of(eval.Model, suite, report.Results.All), known, clusters, evals.FirstLookGap);
            eval = eval with { Detail = look.Why };
            if (!look.GoOn)
            {
                await PublishAsync(report, cancellationToken);
                return eval with { State = ScheduleState.Dropped };
            }

            manifest = manifest with { Cases = null };
        }
    }

    // What suites say of gates, comparisons and budgets is for runs of several models, and for money of another purse.
    private Suite Read(string file)
    {
        var suite = SuiteFiles.Load(context, [file])[0];
        return suite with { Cases = [.. KnownModel.Asked(suite)], Compare = null, Gate = null, Stop = null, Budget = new() };
    }

    // The run as it was left, unless its suite has changed since, or it lies where it cannot be reached.
    private RunManifest Manifest(ScheduledEval eval, Suite suite, bool look)
    {
        if (eval.Run is { } run && FolderOf(run) is { Exists: true } folder && folder.ReadManifest() is var begun && string.Equals(begun.Suites[0].Hash, suite.Hash, StringComparison.Ordinal))
        {
            // Of a model that was dropped the rest is asked when somebody wants it.
            return eval.State == ScheduleState.Rest ? begun with { Cases = null } : begun;
        }

        var at = context.Time.GetUtcNow();
        return new()
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{at:yyyyMMdd-HHmmss-fff}-{suite.Id}-{string.Concat(eval.Model.Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_'))}"),
            CreatedAt = at,
            Suites = [SuiteReference.Of(suite)],
            Models = [eval.Model],
            Seed = 1,
            Cases = look && suite.Cases.Count > evals.FirstLookCases ? evals.FirstLookCases : null,
        };
    }

    // USD of the day that are left when it begins, and how it ended.
    private async Task<(RunEnd End, decimal LeftUsd)> AskAsync(ScheduledEval eval, RunFolder folder, RunManifest manifest, Suite suite, CancellationToken cancellationToken)
    {
        var left = await LeftAsync(cancellationToken);
        if (left <= 0)
        {
            return (RunEnd.Budget, left);
        }

        await store.HoldAsync(eval, Today, left, cancellationToken);
        try
        {
            var spent = folder.ReadResults().SpentUsd;
            return (await new EvalJob(context, running with { MaxUsd = spent + left }).MakeAsync(folder, manifest, [suite], again: false, cancellationToken), left);
        }
        finally
        {
            // Also when it was stopped: what is on record is what it cost.
            await store.SettleAsync(eval, RunSpend.Of(folder).ByDay, null, CancellationToken.None);
        }
    }

    private DateOnly Today => DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime);

    private async ValueTask<decimal> LeftAsync(CancellationToken cancellationToken) => evals.MaxUsdPerDay - await store.SpentUsdAsync(Today, cancellationToken);

    private async Task PublishAsync(RunReport report, CancellationToken cancellationToken)
    {
        if (evals.Publish == NewModelsPublish.None)
        {
            return;
        }

        if (RunPublication.Objection(report, force: false, simulated: false) is { } objection)
        {
            throw objection;
        }

        await OpenedQuality.UseAsync(
            context,
            settings,
            (book, snapshot) => RunPublication.MakeAsync(book, snapshot, report, RunEvidence.Of(report), evals.Publish == NewModelsPublish.Shadow, "eval schedule", cancellationToken),
            cancellationToken,
            create: true);
    }

    // An hour, two, four, eight; then somebody has to look.
    private ScheduledEval Postponed(ScheduledEval eval, string why) => eval with
    {
        Failures = eval.Failures + 1,
        State = eval.Failures + 1 < MostFailures ? eval.State : ScheduleState.Failed,
        Due = context.Time.GetUtcNow() + (TimeSpan.FromHours(1) * Math.Pow(2, eval.Failures)),
        Detail = why.TrimEnd('.'),
    };

    private async Task<ScheduledEval> StandsAsync(ScheduledEval eval, CancellationToken cancellationToken)
    {
        eval = eval with { Changed = context.Time.GetUtcNow() };
        await store.PutAsync(eval, cancellationToken);
        return eval;
    }
}
