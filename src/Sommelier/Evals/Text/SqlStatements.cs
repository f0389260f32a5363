using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sommelier.Evals.Text;

/// <summary>Whether SQLite can read statements. It compiles them against an empty database in memory; nothing is run.</summary>
internal static class SqlStatements
{
    /// <summary>The longest text that is read; SQL of an answer is far shorter.</summary>
    public const int MaxLength = 100_000;

    // Steps of SQLite's machine for the definitions: some thousand tables. They may be a query without end.
    private const int MostRun = 5_000_000;

    /// <summary>What is wrong with a text of statements; null when nothing is.</summary>
    /// <param name="sql">The statements, with semicolons between them.</param>
    /// <param name="schema">Definitions of the tables that there are; null: only the grammar is looked at.</param>
    public static string? Mistake(string sql, string? schema)
    {
        if (sql.Length > MaxLength)
        {
            return string.Create(CultureInfo.InvariantCulture, $"there are more than {MaxLength} letters");
        }

        if (sql.Contains('\0', StringComparison.Ordinal))
        {
            // SQLite reads up to it only.
            return "unrecognized token: U+0000";
        }

        if (SqlExpansion.Length(sql) > SqlExpansion.Most)
        {
            return "common table expressions name each other too often, or in too long a chain";
        }

        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        var database = connection.Handle!;

        // Some pragmas take effect when they are compiled, and for the whole process; files are nobody's business. The definitions are run,
        // and a suite may come from anywhere.
        strdelegate_authorizer allows = static (_, action, _, _, _, _) => action is raw.SQLITE_PRAGMA or raw.SQLITE_ATTACH or raw.SQLITE_DETACH ? raw.SQLITE_DENY : raw.SQLITE_OK;
        raw.sqlite3_set_authorizer(database, allows, null);
        raw.sqlite3_progress_handler(database, MostRun, static _ => 1, null);
        if (schema is not null)
        {
            using var define = connection.CreateCommand();
#pragma warning disable CA2100 // the suite's own text, in a database that ends with this method
            define.CommandText = schema;
#pragma warning restore CA2100
            try
            {
                define.ExecuteNonQuery();
            }
            catch (SqliteException mistake)
            {
                return $"the schema cannot be used: {mistake.Message.TrimEnd('.')}";
            }
        }

        return Statements(database, sql, schema is not null);
    }

    private static string? Statements(sqlite3 database, string sql, bool names)
    {
        var count = 0;
        for (var rest = sql; rest.AsSpan().Trim().Length > 0;)
        {
            var result = raw.sqlite3_prepare_v2(database, rest, out var statement, out var tail);
            using (statement)
            {
                if (result != raw.SQLITE_OK)
                {
                    var message = raw.sqlite3_errmsg(database).utf8_to_string();
                    if (names || IsOfGrammar(message))
                    {
                        return message;
                    }

                    // Its grammar is right, and it names a table that is not there. Where it was left before its end, what follows cannot be told.
                    if (!rest.AsSpan(0, rest.Length - tail.Length).TrimEnd().EndsWith(';'))
                    {
                        return null;
                    }
                }

                count += result != raw.SQLITE_OK || statement is { IsInvalid: false } ? 1 : 0;
            }

            rest = tail;
        }

        return count > 0 ? null : "there is no statement";
    }

    private static bool IsOfGrammar(string message) =>
        message.EndsWith("syntax error", StringComparison.Ordinal) || message.StartsWith("unrecognized token", StringComparison.Ordinal)
        || message is "incomplete input" or "not authorized" or "parser stack overflow" || message.Contains("too many", StringComparison.Ordinal) || message.Contains("too large", StringComparison.Ordinal);
}
