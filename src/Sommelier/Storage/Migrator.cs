using System.Data.Common;
using System.Globalization;

namespace Sommelier.Storage;

/// <summary>Brings a component's tables to the newest version, forward only, one process at a time.</summary>
internal static class Migrator
{
    /// <param name="connection">An open connection.</param>
    /// <param name="dialect">Its dialect.</param>
    /// <param name="component">The name that the version is kept under.</param>
    /// <param name="steps">Steps that are only ever added to: step n brings version n - 1 to version n.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public static void Migrate(DbConnection connection, SqlDialect dialect, string component, IReadOnlyList<string> steps, TimeProvider time)
    {
        foreach (var statement in dialect.BeginAlone)
        {
            connection.Run(statement);
        }

        try
        {
            connection.Run("CREATE TABLE IF NOT EXISTS schema_versions (component TEXT NOT NULL, version BIGINT NOT NULL, applied_at_ms BIGINT NOT NULL, PRIMARY KEY (component, version))");
            var version = Version(connection, component);
            if (version > steps.Count)
            {
                throw new InvalidOperationException(
                    $"The database '{connection.DataSource}' holds version {version} of the {component} tables; this Sommelier knows up to {steps.Count}. Run the newer Sommelier, or restore the database from before its upgrade.");
            }

            for (; version < steps.Count; version++)
            {
                connection.Run(dialect.Definition(steps[version]));
                connection.Run(
                    "INSERT INTO schema_versions (component, version, applied_at_ms) VALUES (@component, @version, @at)",
                    ("@component", component), ("@version", (long)version + 1), ("@at", time.GetUtcNow().ToUnixTimeMilliseconds()));
            }

            connection.Run("COMMIT");
        }
        catch
        {
            connection.Run("ROLLBACK");
            throw;
        }
    }

    private static int Version(DbConnection connection, string component)
    {
        using var command = connection.Command("SELECT COALESCE(MAX(version), 0) FROM schema_versions WHERE component = @component", ("@component", component));
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
