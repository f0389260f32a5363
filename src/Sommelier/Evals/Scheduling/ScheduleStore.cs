using System.Data.Common;
using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Storage;

namespace Sommelier.Evals.Scheduling;

/// <summary>The evals that the gateway makes by itself, and their money, in a database that other instances may share.</summary>
internal sealed class ScheduleStore(Database database)
{
    /// <summary>Brings the tables to the newest version.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public async ValueTask PrepareAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        Migrator.Migrate(connection, database.Dialect, ScheduleSchema.Component, ScheduleSchema.Steps, time);
    }

    /// <summary>
    /// Notes which models there are, and schedules evals of those that were not there before. What is there the first time is
    /// noted only: nobody wants to pay for a whole catalog.
    /// </summary>
    /// <param name="models">Each model with what is to be scheduled should it be new.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The models that are new.</returns>
    public ValueTask<IReadOnlyList<string>> NoteAsync(IReadOnlyDictionary<string, IReadOnlyList<ScheduledEval>> models, DateTimeOffset now, CancellationToken cancellationToken) => database.AloneAsync<IReadOnlyList<string>>(
        async connection =>
        {
            var listed = (await ReadAsync(connection, ScheduleSql.Listed, static row => row.GetString(0), cancellationToken)).ToHashSet(StringComparer.Ordinal);
            var others = models.Keys.Where(model => !listed.Contains(model)).Order(StringComparer.Ordinal).ToList();
            foreach (var model in others)
            {
                await connection.RunAsync(ScheduleSql.List, cancellationToken, ("@model", model), ("@at", now.ToUnixTimeMilliseconds()));
                foreach (var eval in listed.Count == 0 ? [] : models[model])
                {
                    await PutAsync(connection, eval, cancellationToken);
                }
            }

            return listed.Count == 0 ? [] : others;
        },
        cancellationToken);

    /// <summary>Everything that was ever scheduled, in the order in which it is due.</summary>
    /// <exception cref="InvalidDataException">A later Sommelier wrote a word that is not known here.</exception>
    public async ValueTask<IReadOnlyList<ScheduledEval>> AllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await ReadAsync(connection, ScheduleSql.Jobs, Eval, cancellationToken);
    }

    /// <summary>Stores how an eval stands.</summary>
    public async ValueTask PutAsync(ScheduledEval eval, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await PutAsync(connection, eval, cancellationToken);
    }

    /// <summary>
    /// Schedules an eval that somebody wants. One that is under way or done stays as it is; one that was dropped goes on with the rest; all
    /// else begins anew.
    /// </summary>
    /// <param name="eval">The eval, not begun.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How it stood; null when it was never scheduled.</returns>
    public ValueTask<ScheduledEval?> AddAsync(ScheduledEval eval, CancellationToken cancellationToken) => database.AloneAsync<ScheduledEval?>(
        async connection =>
        {
            var before = (await ReadAsync(connection, ScheduleSql.Jobs, Eval, cancellationToken)).FirstOrDefault(eval.IsSame);
            if (before?.State is not (ScheduleState.FirstLook or ScheduleState.Rest or ScheduleState.Done))
            {
                await PutAsync(connection, before is { State: ScheduleState.Dropped } ? eval with { State = ScheduleState.Rest, Run = before.Run } : eval, cancellationToken);
            }

            return before;
        },
        cancellationToken);

    /// <summary>USD of a day that are spent, or may be by what is under way.</summary>
    public async ValueTask<decimal> SpentUsdAsync(DateOnly day, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return NanoUsd.ToUsd((await ReadAsync(connection, ScheduleSql.Spent, static row => row.GetInt64(0), cancellationToken, ("@day", Text(day))))[0]);
    }

    /// <summary>Holds what an eval's run may cost on a day, until <see cref="SettleAsync"/>. Should this process be killed, it stays held.</summary>
    public async ValueTask HoldAsync(ScheduledEval eval, DateOnly day, decimal usd, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await PutMoneyAsync(connection, eval, day, "held", usd, cancellationToken);
    }

    /// <summary>Puts what a run has cost, day by day, in place of what was held for it.</summary>
    /// <param name="eval">Whose run.</param>
    /// <param name="spent">USD on record, by day.</param>
    /// <param name="lost">A day with USD that calls may have cost of which there is no record; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<int> SettleAsync(ScheduledEval eval, IReadOnlyDictionary<DateOnly, decimal> spent, (DateOnly Day, decimal Usd)? lost, CancellationToken cancellationToken) => database.AloneAsync(
        async connection =>
        {
            foreach (var (day, usd) in spent)
            {
                await PutMoneyAsync(connection, eval, day, "spent", usd, cancellationToken);
            }

            if (lost is { Usd: > 0 } gone)
            {
                await connection.RunAsync(ScheduleSql.AddLost, cancellationToken, ("@day", Text(gone.Day)), ("@model", eval.Model), ("@suite", eval.Suite), ("@run", eval.Run), ("@nano", NanoUsd.FromUsd(gone.Usd)));
            }

            return await connection.RunAsync(ScheduleSql.DropHeld, cancellationToken, ("@model", eval.Model), ("@suite", eval.Suite), ("@run", eval.Run));
        },
        cancellationToken);

    /// <summary>The evals for which money is held, each with the day, its run and the USD.</summary>
    public async ValueTask<IReadOnlyList<(DateOnly Day, string Model, string Suite, string Run, decimal Usd)>> HeldAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await ReadAsync(
            connection, ScheduleSql.Held, static row => (DateOnly.ParseExact(row.GetString(0), DayFormat, CultureInfo.InvariantCulture), row.GetString(1), row.GetString(2), row.GetString(3), NanoUsd.ToUsd(row.GetInt64(4))), cancellationToken);
    }

    /// <summary>Takes the lease, or holds on to it: who has it works on the schedule, and nobody else.</summary>
    /// <param name="holder">Who asks.</param>
    /// <param name="now">The moment.</param>
    /// <param name="until">When it ends unless it is taken again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether <paramref name="holder"/> has it.</returns>
    public ValueTask<bool> TakeLeaseAsync(string holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) => database.AloneAsync(
        async connection =>
        {
            var held = await ReadAsync(connection, ScheduleSql.Lease, static row => (Holder: row.GetString(0), Until: row.GetInt64(1)), cancellationToken);
            if (held is [var other] && !string.Equals(other.Holder, holder, StringComparison.Ordinal) && other.Until > now.ToUnixTimeMilliseconds())
            {
                return false;
            }

            await connection.RunAsync(ScheduleSql.PutLease, cancellationToken, ("@holder", holder), ("@until", until.ToUnixTimeMilliseconds()));
            return true;
        },
        cancellationToken);

    /// <summary>Gives the lease back.</summary>
    public async ValueTask DropLeaseAsync(string holder, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.RunAsync(ScheduleSql.DropLease, cancellationToken, ("@holder", holder));
    }

    private const string DayFormat = "yyyy-MM-dd";

    private static string Text(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    private static Task<int> PutMoneyAsync(DbConnection connection, ScheduledEval eval, DateOnly day, string kind, decimal usd, CancellationToken cancellationToken) => connection.RunAsync(
        ScheduleSql.PutMoney, cancellationToken, ("@day", Text(day)), ("@model", eval.Model), ("@suite", eval.Suite), ("@run", eval.Run), ("@kind", kind), ("@nano", NanoUsd.FromUsd(usd)));

    private static Task<int> PutAsync(DbConnection connection, ScheduledEval eval, CancellationToken cancellationToken) => connection.RunAsync(
        ScheduleSql.Put,
        cancellationToken,
        ("@model", eval.Model),
        ("@suite", eval.Suite),
        ("@state", EnumNames<ScheduleState>.Of(eval.State)),
        ("@run", eval.Run),
        ("@failures", (long)eval.Failures),
        ("@due", eval.Due.ToUnixTimeMilliseconds()),
        ("@changed", eval.Changed.ToUnixTimeMilliseconds()),
        ("@detail", eval.Detail));

    private static ScheduledEval Eval(DbDataReader row) => new(row.GetString(0), row.GetString(1))
    {
        State = EnumNames<ScheduleState>.Parse(row.GetString(2)) ?? throw new InvalidDataException($"The table eval_jobs has the state '{row.GetString(2)}', which this Sommelier does not know. Run the newer Sommelier."),
        Run = row.TextOrNull(3),
        Failures = (int)row.GetInt64(4),
        Due = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
        Changed = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
        Detail = row.GetString(7),
        SpentUsd = NanoUsd.ToUsd(row.GetInt64(8)),
    };

    private static async ValueTask<IReadOnlyList<T>> ReadAsync<T>(
        DbConnection connection, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(read(row));
        }

        return rows;
    }
}
