using Microsoft.Data.Sqlite;

namespace Sommelier.Ledger.Sqlite;

/// <summary>Brings a component's tables to the newest version, forward only, under the database's write lock.</summary>
internal static class SqliteMigrator
{
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public static void Migrate(SqliteConnection connection, string component, IReadOnlyList<string> steps, TimeProvider time)
    {
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            Execute(connection, "CREATE TABLE IF NOT EXISTS schema_versions (component TEXT NOT NULL, version INTEGER NOT NULL, applied_at_ms INTEGER NOT NULL, PRIMARY KEY (component, version)) STRICT, WITHOUT ROWID");
            var version = Version(connection, component);
            if (version > steps.Count)
            {
                throw new InvalidOperationException(
                    $"The database '{connection.DataSource}' holds version {version} of the {component} tables; this Sommelier knows up to {steps.Count}. Run the newer Sommelier, or restore the database from before its upgrade.");
            }

            for (; version < steps.Count; version++)
            {
                Execute(connection, steps[version]);
                Note(connection, component, version + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
            }

            Execute(connection, "COMMIT");
        }
        catch
        {
            Execute(connection, "ROLLBACK");
            throw;
        }
    }

    private static int Version(SqliteConnection connection, string component)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COALESCE(MAX(version), 0) FROM schema_versions WHERE component = $component";
        command.Parameters.AddWithValue("$component", component);
        return (int)(long)command.ExecuteScalar()!;
    }

    private static void Note(SqliteConnection connection, string component, int version, long atMs)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO schema_versions (component, version, applied_at_ms) VALUES ($component, $version, $at)";
        command.Parameters.AddWithValue("$component", component);
        command.Parameters.AddWithValue("$version", version);
        command.Parameters.AddWithValue("$at", atMs);
        command.ExecuteNonQuery();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();

        // The steps are constants of this program.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
