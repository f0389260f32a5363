namespace Sommelier.Evals.Scheduling;

/// <summary>The statements of the schedule, the same on both databases.</summary>
internal static class ScheduleSql
{
    public const string Listed = "SELECT model FROM eval_listed";

    public const string List = "INSERT INTO eval_listed (model, at_ms) VALUES (@model, @at) ON CONFLICT (model) DO NOTHING";

    public const string Jobs =
        "SELECT j.model, j.suite, j.state, j.run, j.failures, j.due_ms, j.changed_ms, j.detail, "
        + "(SELECT CAST(COALESCE(SUM(m.nano_usd), 0) AS BIGINT) FROM eval_money m WHERE m.model = j.model AND m.suite = j.suite AND m.kind <> 'held') "
        + "FROM eval_jobs j ORDER BY j.due_ms, j.model, j.suite";

    public const string Put =
        "INSERT INTO eval_jobs (model, suite, state, run, failures, due_ms, changed_ms, detail) VALUES (@model, @suite, @state, @run, @failures, @due, @changed, @detail) "
        + "ON CONFLICT (model, suite) DO UPDATE SET state = excluded.state, run = excluded.run, failures = excluded.failures, due_ms = excluded.due_ms, changed_ms = excluded.changed_ms, detail = excluded.detail";

    // SUM over 64-bit integers is a decimal in PostgreSQL.
    public const string Spent = "SELECT CAST(COALESCE(SUM(nano_usd), 0) AS BIGINT) FROM eval_money WHERE day = @day";

    public const string Held = "SELECT day, model, suite, run, nano_usd FROM eval_money WHERE kind = 'held'";

    public const string PutMoney =
        "INSERT INTO eval_money (day, model, suite, run, kind, nano_usd) VALUES (@day, @model, @suite, @run, @kind, @nano) "
        + "ON CONFLICT (day, model, suite, run, kind) DO UPDATE SET nano_usd = excluded.nano_usd";

    public const string AddLost =
        "INSERT INTO eval_money (day, model, suite, run, kind, nano_usd) VALUES (@day, @model, @suite, @run, 'lost', @nano) "
        + "ON CONFLICT (day, model, suite, run, kind) DO UPDATE SET nano_usd = eval_money.nano_usd + excluded.nano_usd";

    public const string DropHeld = "DELETE FROM eval_money WHERE model = @model AND suite = @suite AND run = @run AND kind = 'held'";

    public const string Lease = "SELECT holder, until_ms FROM eval_lease WHERE name = 'schedule'";

    public const string PutLease =
        "INSERT INTO eval_lease (name, holder, until_ms) VALUES ('schedule', @holder, @until) "
        + "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms";

    public const string DropLease = "DELETE FROM eval_lease WHERE name = 'schedule' AND holder = @holder";
}
