using System.Data.Common;
using System.Globalization;
using Sommelier.Accounts.Storage;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Storage;

namespace Sommelier.Quality.Storage;

/// <summary>Evidence, feedback and versions of the quality table in a database.</summary>
internal sealed class QualityStore(Database database)
{
    /// <summary>Brings the tables to the newest version, and those of the audit log with them.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public async ValueTask PrepareAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        Migrator.Migrate(connection, database.Dialect, AccountSchema.Component, AccountSchema.Steps, time);
        Migrator.Migrate(connection, database.Dialect, QualitySchema.Component, QualitySchema.Steps, time);
    }

    /// <summary>What is in force: how often that has changed, and the version's number. Zeroes before anything was published.</summary>
    public async ValueTask<(long Changes, long Version)> PointerAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await PointerAsync(connection, cancellationToken);
    }

    /// <summary>A version, or null.</summary>
    /// <exception cref="InvalidDataException">A later Sommelier wrote it.</exception>
    public async ValueTask<QualityVersion?> FindAsync(long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(QualitySql.Version, ("@number", number));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? VersionContent.Read(QualityRows.Version(row), row.GetString(9)) : null;
    }

    /// <summary>All versions, newest first.</summary>
    public async ValueTask<IReadOnlyList<QualityVersionInfo>> VersionsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await ReadAsync(connection.Command(QualitySql.Versions), QualityRows.Version, cancellationToken);
    }

    /// <summary>Stores feedback, once per request and caller: a later word replaces the earlier one.</summary>
    public async ValueTask PutFeedbackAsync(Feedback feedback, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var put = QualityRows.Put(connection, feedback);
        await put.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A page of the versions, newest first, by their numbers; null where it goes on behind what is no number.</summary>
    public async ValueTask<Page<QualityVersionInfo>?> VersionsAsync(PageAsk page, CancellationToken cancellationToken)
    {
        var after = long.MaxValue;
        if (page.After is { } text && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            return null;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        var found = await ReadAsync(connection.Command(QualitySql.VersionPage, ("@after", after), ("@count", (long)page.Reach)), QualityRows.Version, cancellationToken);
        return page.Of(found, static version => version.Number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A page of feedback by request, newest first; a request has one caller.</summary>
    public async ValueTask<Page<Feedback>> FeedbackAsync(PageAsk page, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var found = await ReadAsync(
            connection.Command(QualitySql.Feedback, ("@after", page.After ?? RequestId.Beyond), ("@count", (long)page.Reach)), QualityRows.Feedback, cancellationToken);
        return page.Of(found, static feedback => feedback.RequestId);
    }

    /// <summary>Feedback on the requests from one id to another, both included, in no order.</summary>
    public async ValueTask<IReadOnlyList<Feedback>> FeedbackBetweenAsync(string first, string last, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await ReadAsync(connection.Command(QualitySql.FeedbackBetween, ("@first", first), ("@last", last)), QualityRows.Feedback, cancellationToken);
    }

    /// <summary>When the latest feedback came that counts as evidence; null when there is none.</summary>
    public async ValueTask<DateTimeOffset?> NewestFeedbackAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await ReadAsync(connection.Command(QualitySql.NewestFeedback), static row => row.TimeOrNull(0), cancellationToken))[0];
    }

    /// <summary>Deletes what callers wrote about requests before one; the scores stay.</summary>
    public async ValueTask ClearCommentsAsync(string before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.RunAsync(QualitySql.ClearComments, cancellationToken, ("@before", before));
    }

    /// <summary>Deletes feedback from before a moment.</summary>
    public async ValueTask DeleteFeedbackAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.RunAsync(QualitySql.DeleteFeedback, cancellationToken, ("@before", before.ToUnixTimeMilliseconds()));
    }

    /// <inheritdoc cref="Database.AloneAsync"/>
    public ValueTask<T> AloneAsync<T>(Func<DbConnection, Task<T>> act, CancellationToken cancellationToken) => database.AloneAsync(act, cancellationToken);

    /// <inheritdoc cref="PointerAsync(CancellationToken)"/>
    public static async ValueTask<(long Changes, long Version)> PointerAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await ReadAsync(connection.Command(QualitySql.Pointer), static row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken) is [var newest] ? newest : default;

    /// <summary>Every version, inside a transaction.</summary>
    public static ValueTask<IReadOnlyList<QualityVersionInfo>> VersionsAsync(DbConnection connection, CancellationToken cancellationToken) =>
        ReadAsync(connection.Command(QualitySql.Versions), QualityRows.Version, cancellationToken);

    /// <summary>Evidence since a moment with the version that brought it, oldest version first.</summary>
    public static ValueTask<IReadOnlyList<(long Version, Evidence Evidence)>> EvidenceAsync(DbConnection connection, DateTimeOffset since, CancellationToken cancellationToken) =>
        ReadAsync(connection.Command(QualitySql.Evidence, ("@since", since.ToUnixTimeMilliseconds())), QualityRows.Evidence, cancellationToken);

    /// <summary>Feedback between two moments as evidence, a row per day.</summary>
    public static ValueTask<IReadOnlyList<Evidence>> FeedbackSumsAsync(DbConnection connection, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken) =>
        ReadAsync(
            connection.Command(QualitySql.FeedbackSums, ("@since", since.ToUnixTimeMilliseconds()), ("@until", until.ToUnixTimeMilliseconds())),
            QualityRows.FeedbackSum,
            cancellationToken);

    /// <summary>The number of the next version.</summary>
    public static async ValueTask<long> NextVersionAsync(DbConnection connection, CancellationToken cancellationToken) =>
        (await ReadAsync(connection.Command(QualitySql.NextVersion), static row => row.GetInt64(0), cancellationToken))[0];

    /// <summary>Stores a version with the evidence that it brings.</summary>
    public static async ValueTask AddVersionAsync(
        DbConnection connection, QualityVersionInfo version, string content, IReadOnlyList<Evidence> evidence, CancellationToken cancellationToken)
    {
        await using (var add = QualityRows.Add(connection, version, content))
        {
            await add.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var one in evidence)
        {
            await using var add = QualityRows.Add(connection, version.Number, one);
            await add.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Puts a version in force.</summary>
    public static Task<int> PointAsync(DbConnection connection, long version, DateTimeOffset at, string actor, CancellationToken cancellationToken) =>
        connection.RunAsync(QualitySql.AddPointer, cancellationToken, ("@version", version), ("@at", at.ToUnixTimeMilliseconds()), ("@actor", actor));

    private static async ValueTask<IReadOnlyList<T>> ReadAsync<T>(DbCommand command, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using (command)
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            List<T> rows = [];
            while (await row.ReadAsync(cancellationToken))
            {
                rows.Add(read(row));
            }

            return rows;
        }
    }
}
