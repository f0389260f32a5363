namespace Sommelier.Evals.Scheduling;

/// <summary>The tables of evals that the gateway makes by itself, as steps that are only ever added to.</summary>
internal static class ScheduleSchema
{
    /// <summary>The name that the version is kept under.</summary>
    public const string Component = "eval_schedule";

    /// <summary>
    /// The steps, oldest first. <c>kind</c> of money is <c>spent</c> (on record), <c>held</c> (a run is under way that may cost so much)
    /// or <c>lost</c> (calls that a kill cut off may have cost so much).
    /// </summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE eval_listed (
          model TEXT NOT NULL PRIMARY KEY,
          at_ms BIGINT NOT NULL
        );

        CREATE TABLE eval_jobs (
          model TEXT NOT NULL,
          suite TEXT NOT NULL,
          state TEXT NOT NULL,
          run TEXT,
          failures BIGINT NOT NULL,
          due_ms BIGINT NOT NULL,
          changed_ms BIGINT NOT NULL,
          detail TEXT NOT NULL,
          PRIMARY KEY (model, suite)
        );

        CREATE TABLE eval_money (
          day TEXT NOT NULL,
          model TEXT NOT NULL,
          suite TEXT NOT NULL,
          run TEXT NOT NULL,
          kind TEXT NOT NULL,
          nano_usd BIGINT NOT NULL,
          PRIMARY KEY (day, model, suite, run, kind)
        );

        CREATE TABLE eval_lease (
          name TEXT NOT NULL PRIMARY KEY,
          holder TEXT NOT NULL,
          until_ms BIGINT NOT NULL
        );
        """,
    ];
}
