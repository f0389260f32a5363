using Sommelier.Evals.Text;

namespace Sommelier.Evals.Graders;

/// <summary>The answer is SQL that SQLite can read, or holds some.</summary>
internal static class SqlGrader
{
    private const string Value = "definitions of tables in SQL, or nothing";

    /// <summary><c>is-sql</c>.</summary>
    public static GraderKind Whole { get; } = new(
        "is-sql",
        Value,
        "The answer is SQL statements in SQLite's dialect; with definitions, over these tables and columns and no others. Nothing is run.",
        static settings => Create(settings, static answer => [answer]))
    {
        Example = "{ type: is-sql, value: 'CREATE TABLE wines (name TEXT, year INTEGER)' }",
    };

    /// <summary><c>contains-sql</c>.</summary>
    public static GraderKind Within { get; } = new(
        "contains-sql",
        Value,
        "The same of a fenced block of the answer that is marked `sql` or not at all; of the whole answer where there is none.",
        static settings => Create(settings, static answer => Blocks(answer) is { Count: > 0 } blocks ? blocks : [answer]))
    {
        Example = "{ type: contains-sql }",
    };

    private static FunctionGrader Create(GraderSettings settings, Func<string, IReadOnlyList<string>> candidates)
    {
        var schema = settings.OptionalText("value");
        if (schema is not null && SqlStatements.Mistake("SELECT 1", schema) is { } mistake)
        {
            settings.Problem("value", $"is no definition of tables: {mistake}", "Write CREATE TABLE statements in SQLite's dialect, or leave it out to look at the grammar alone");
            schema = null;
        }

        return new(answer =>
        {
            string? first = null;
            foreach (var candidate in candidates(answer.Text))
            {
                if (SqlStatements.Mistake(candidate, schema) is not { } wrong)
                {
                    return Grade.Pass;
                }

                first ??= wrong;
            }

            return Grade.Fail($"SQLite says: {first}");
        });
    }

    // A fence is three or more backticks or tildes, and is closed by as many of the same.
    private static List<string> Blocks(string answer)
    {
        var blocks = new List<string>();
        List<string>? inside = null;
        var (mark, length, wanted) = (' ', 0, false);
        foreach (var line in answer.EnumerateLines())
        {
            var trimmed = line.TrimStart(" \t");
            var run = trimmed.IsEmpty || trimmed[0] is not ('`' or '~') ? 0 : trimmed.IndexOfAnyExcept(trimmed[0]) is >= 0 and var other ? other : trimmed.Length;
            var isFence = run >= 3 && line.Length - trimmed.Length <= 3;
            if (inside is null)
            {
                if (isFence)
                {
                    var language = trimmed[run..].Trim();
                    (inside, mark, length, wanted) = ([], trimmed[0], run, language.IsEmpty || language.Equals("sql", StringComparison.OrdinalIgnoreCase));
                }
            }
            else if (isFence && trimmed[0] == mark && run >= length && trimmed[run..].Trim().IsEmpty)
            {
                if (wanted)
                {
                    blocks.Add(string.Join('\n', inside));
                }

                inside = null;
            }
            else
            {
                inside.Add(line.ToString());
            }
        }

        return blocks;
    }
}
