using System.Data.Common;
using Sommelier.Catalog;
using Sommelier.Storage;

namespace Sommelier.Ledger.Catalogs;

/// <summary>Every catalog that was in force, beside the ledger whose decisions name it: by its version, compressed, for as long as entries are kept.</summary>
internal sealed class CatalogStore(Database database)
{
    private static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE ledger_catalogs (
          version TEXT NOT NULL PRIMARY KEY,
          content BLOB NOT NULL,
          last_in_force_at_ms BIGINT NOT NULL
        );
        """,
    ];

    /// <summary>Brings the table to the newest version.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    public async ValueTask PrepareAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        Migrator.Migrate(connection, database.Dialect, "catalogs", Steps, time);
    }

    /// <summary>Notes that a catalog is in force, and stores it where it is not yet.</summary>
    /// <param name="catalog">As configured: over which nothing was published.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DbException">It was not stored.</exception>
    public async ValueTask PutAsync(CatalogSnapshot catalog, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var at = now.ToUnixTimeMilliseconds();
        var known = await connection.RunAsync(
            "UPDATE ledger_catalogs SET last_in_force_at_ms = @at WHERE version = @version", cancellationToken, ("@at", at), ("@version", catalog.Version));
        if (known == 0)
        {
            // Instances that start together may both come here.
            await connection.RunAsync(
                "INSERT INTO ledger_catalogs (version, content, last_in_force_at_ms) VALUES (@version, @content, @at) ON CONFLICT DO NOTHING",
                cancellationToken,
                ("@version", catalog.Version),
                ("@content", CatalogContent.Write(catalog)),
                ("@at", at));
        }
    }

    /// <summary>The versions that are held, the last in force first.</summary>
    public async ValueTask<IReadOnlyList<string>> VersionsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command("SELECT version FROM ledger_catalogs ORDER BY last_in_force_at_ms DESC, version");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<string>();
        while (await row.ReadAsync(cancellationToken))
        {
            versions.Add(row.GetString(0));
        }

        return versions;
    }

    /// <summary>A catalog; null where it is not held, or cannot be read by this version of the program.</summary>
    public async ValueTask<CatalogSnapshot?> GetAsync(string version, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command("SELECT content FROM ledger_catalogs WHERE version = @version", ("@version", version));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return null;
        }

        try
        {
            // Another release may hash otherwise: what is not what it was called is not what was decided by.
            var read = CatalogContent.Read((byte[])row.GetValue(0));
            return string.Equals(read.Version, version, StringComparison.Ordinal) ? read : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Deletes catalogs that were last in force before a moment.</summary>
    /// <exception cref="DbException">Nothing was deleted.</exception>
    public async ValueTask PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.RunAsync("DELETE FROM ledger_catalogs WHERE last_in_force_at_ms < @before", cancellationToken, ("@before", before.ToUnixTimeMilliseconds()));
    }
}
