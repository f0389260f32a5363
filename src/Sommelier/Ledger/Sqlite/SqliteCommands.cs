using Microsoft.Data.Sqlite;

namespace Sommelier.Ledger.Sqlite;

/// <summary>Short ways to run statements that are not run often enough to be prepared.</summary>
internal static class SqliteCommands
{
    /// <summary>A command with its parameters.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="sql">A constant of this program.</param>
    /// <param name="parameters">Values by their names.</param>
    public static SqliteCommand Of(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();

        // The texts are constants of this program.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public static int Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Of(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }
}
