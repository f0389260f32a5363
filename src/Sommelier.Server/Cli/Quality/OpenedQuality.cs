using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Gateway;
using Sommelier.Quality;
using Sommelier.Quality.Storage;
using Sommelier.Storage;

namespace Sommelier.Server.Cli.Quality;

/// <summary>The versions of the quality table as a verb opens them, beside a gateway that may be running: it takes changes over within a second.</summary>
internal static class OpenedQuality
{
    /// <summary>Runs something on the versions.</summary>
    /// <param name="context">The world.</param>
    /// <param name="settings">Which configuration and data folder.</param>
    /// <param name="act">Is given the versions, and the snapshot of the configuration on which nothing was published.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="create">Whether a database that is not there yet is made: a gateway that starts later finds it.</param>
    /// <exception cref="CliException">They cannot be opened, or what was asked of them cannot be done.</exception>
    public static async Task<int> UseAsync(CliContext context, ServeSettings settings, Func<QualityBook, GatewaySnapshot, Task> act, CancellationToken cancellationToken, bool create = false)
    {
        var config = settings.Over(CommonOptions.Load(context, settings.File));
        if (config.Postgres is null && !File.Exists(config.DatabasePath))
        {
            if (!create)
            {
                throw new CliException($"there is no database at '{config.DatabasePath}'. Name the gateway's data folder with --data, or its configuration with --config.", ExitCodes.Infrastructure);
            }

            PrivateFolder.CreateFor(config.DatabasePath);
        }

        await using var database = config.Postgres is { } shared ? Database.OfPostgres(shared) : Database.OfSqlite(config.DatabasePath);
        await OpenAsync(context, database, book => act(book, Snapshot(context, config)), cancellationToken);
        return ExitCodes.Fine;
    }

    /// <summary>
    /// The snapshot of a configuration for looking, with the quality table in force over its catalog where the data folder has a database.
    /// PostgreSQL is not asked: such verbs are offline.
    /// </summary>
    /// <exception cref="CliException">The configuration or the database cannot be used.</exception>
    public static async Task<GatewaySnapshot> SnapshotAsync(CliContext context, ServeSettings settings, CancellationToken cancellationToken)
    {
        var config = settings.Over(CommonOptions.Load(context, settings.File));
        var snapshot = Snapshot(context, config);
        if (config.Postgres is not null)
        {
            await context.Error.WriteLineAsync("sommelier: versions of the quality table that were published in PostgreSQL are not looked at offline; POST /v1/route asks the gateway itself.");
            return snapshot;
        }

        if (!File.Exists(config.DatabasePath))
        {
            return snapshot;
        }

        await using var database = Database.OfSqlite(config.DatabasePath);
        await OpenAsync(
            context,
            database,
            book =>
            {
                snapshot = book.Live is { } live ? snapshot with { Catalog = live.Over(snapshot.Catalog) } : snapshot;
                return Task.CompletedTask;
            },
            cancellationToken);
        return snapshot;
    }

    private static GatewaySnapshot Snapshot(CliContext context, SommelierConfig config) => GatewaySnapshotBuilder.BuildForDryRun(config, context.Environment).Snapshot;

    private static async Task OpenAsync(CliContext context, Database database, Func<QualityBook, Task> act, CancellationToken cancellationToken)
    {
        try
        {
            using var book = await QualityBook.OpenAsync(new QualityStore(database), context.Time, NullLogger.Instance, cancellationToken);
            await act(book);
        }
        catch (QualityException wrong)
        {
            throw new CliException(wrong.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DbException or InvalidOperationException or InvalidDataException)
        {
            throw new CliException($"the quality table in '{database.Name}' cannot be used: {failure.Message}", ExitCodes.Infrastructure);
        }
    }
}
