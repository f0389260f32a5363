using Sommelier.Configuration;
using Sommelier.Evals.Scheduling;
using Sommelier.Gateway;
using Sommelier.Storage;

namespace Sommelier.Server.Cli.Evals.Scheduling;

/// <summary>Looks at the schedule once a minute, beside a gateway that serves. Runs ask through a gateway of their own, as <c>eval run</c> does.</summary>
internal sealed class ScheduleWorker : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly CliContext context;
    private readonly ServeSettings settings;
    private readonly GatewayHost gateway;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task working;
    private SommelierConfig config;
    private (string Catalog, DateOnly Day, NewModelsConfig? Evals) noted = ("", default, null);

    /// <param name="context">The process.</param>
    /// <param name="settings">Which configuration and data folder.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="gateway">Knows the catalog, with the local servers that were found.</param>
    public ScheduleWorker(CliContext context, ServeSettings settings, SommelierConfig config, GatewayHost gateway)
    {
        (this.context, this.settings, this.config, this.gateway) = (context.Silent(), settings, config, gateway);
        working = Task.Run(WorkAsync);
    }

    /// <summary>Another configuration is in force.</summary>
    public void Follow(SommelierConfig next) => Volatile.Write(ref config, next);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await working;
        stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        var failed = false;
        try
        {
            using var timer = new PeriodicTimer(Every, context.Time);
            do
            {
                try
                {
                    await LookAsync(Volatile.Read(ref config), stopping.Token);
                    failed = false;
                }
                catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
                {
                    if (!failed)
                    {
                        gateway.Logger.ScheduleFailed(failure);
                        failed = true;
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task LookAsync(SommelierConfig now, CancellationToken cancellationToken)
    {
        if (now.NewModels is not { } evals)
        {
            return;
        }

        await using var database = now.Postgres is { } shared ? Database.OfPostgres(shared) : Database.OfSqlite(now.DatabasePath);
        var store = new ScheduleStore(database);
        var pass = new SchedulePass(context, settings with { Data = now.Server.Data }, evals, store, gateway.Logger);
        var catalog = gateway.Configured.Catalog;
        var seen = (catalog.Version, DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime), evals);
        if (noted != seen)
        {
            await store.PrepareAsync(context.Time, cancellationToken);
            await pass.NoteAsync(catalog, cancellationToken);
            noted = seen;
        }

        await pass.RunAsync(catalog, cancellationToken);
    }
}
