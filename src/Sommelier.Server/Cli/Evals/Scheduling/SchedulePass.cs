using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Configuration;
using Sommelier.Evals.Scheduling;

namespace Sommelier.Server.Cli.Evals.Scheduling;

/// <summary>One look at the schedule: notes new models, and does what is due as far as the day's money goes.</summary>
/// <param name="context">The process, silent.</param>
/// <param name="settings">Configuration and data folder.</param>
/// <param name="evals">What is wanted.</param>
/// <param name="store">How evals stand.</param>
/// <param name="logger">Is told.</param>
internal sealed class SchedulePass(CliContext context, ServeSettings settings, NewModelsConfig evals, ScheduleStore store, ILogger logger)
{
    private readonly ScheduledRun run = new(context, settings, evals, store, logger);

    /// <summary>Schedules evals of the models that the catalog did not have before.</summary>
    public async Task NoteAsync(CatalogSnapshot catalog, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        var models = ListedModels.Of(catalog, DateOnly.FromDateTime(now.UtcDateTime))
            .ToDictionary(static model => model.Key, model => Evals(ListedModels.Choose(model.Value, evals)?.Id, now), StringComparer.Ordinal);
        foreach (var model in await store.NoteAsync(models, now, cancellationToken))
        {
            logger.ModelListed(model, models[model].Count);
        }
    }

    /// <summary>The evals of a model on every suite; none for null.</summary>
    public IReadOnlyList<ScheduledEval> Evals(string? deployment, DateTimeOffset now) =>
        deployment is null ? [] : [.. evals.Suites.Select(suite => new ScheduledEval(deployment, suite) { Due = now, Changed = now })];

    /// <summary>Does what is due.</summary>
    /// <param name="catalog">What models cost.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False while another process works on the schedule.</returns>
    public async Task<bool> RunAsync(CatalogSnapshot catalog, CancellationToken cancellationToken)
    {
        if (await NextAsync([], cancellationToken) is null)
        {
            return true;
        }

        await using var lease = await ScheduleLease.TakeAsync(store, context.Time, cancellationToken);
        if (lease is null)
        {
            return false;
        }

        await SettleAsync(catalog, lease.Token);
        for (var done = new List<ScheduledEval>(); await NextAsync(done, lease.Token) is { } next && await MoneyIsLeftAsync(lease.Token);)
        {
            var eval = await run.GoOnAsync(next, lease.Token);
            done.Add(eval);
            logger.ScheduledEvalStands(eval.Model, eval.Suite, EnumNames<ScheduleState>.Of(eval.State), eval.Detail);
        }

        return true;
    }

    /// <summary>USD of the day that are left.</summary>
    public async ValueTask<decimal> LeftUsdAsync(CancellationToken cancellationToken) =>
        evals.MaxUsdPerDay - await store.SpentUsdAsync(DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime), cancellationToken);

    private async ValueTask<bool> MoneyIsLeftAsync(CancellationToken cancellationToken) => await LeftUsdAsync(cancellationToken) > 0;

    private async ValueTask<ScheduledEval?> NextAsync(List<ScheduledEval> done, CancellationToken cancellationToken) =>
        (await store.AllAsync(cancellationToken)).FirstOrDefault(eval => eval.IsOpen && eval.Due <= context.Time.GetUtcNow() && run.IsOurs(eval) && !done.Exists(eval.IsSame));

    // Who has the lease is alone: money that is still held is that of a process that was killed. Its calls may have cost without a record.
    private async Task SettleAsync(CatalogSnapshot catalog, CancellationToken cancellationToken)
    {
        foreach (var (day, model, suite, id, held) in await store.HeldAsync(cancellationToken))
        {
            if (!Directory.Exists(run.FolderOf(id).Path))
            {
                continue;
            }

            try
            {
                var spent = RunSpend.Of(run.FolderOf(id));
                var eval = new ScheduledEval(model, suite) { Run = id, Due = default, Changed = default };
                await store.SettleAsync(eval, spent.ByDay, (day, Math.Min(held, ScheduledRun.Concurrency * (spent.DearestUsd > 0 ? spent.DearestUsd : run.CallUsd(eval, catalog)))), cancellationToken);
            }
            catch (Exception failure) when (failure is CliException or IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
            {
                // What it cost cannot be read: all that was held for it stays counted.
                logger.ScheduledEvalFailed(failure, model, suite);
            }
        }
    }
}
