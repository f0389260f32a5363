using Sommelier.Evals.Scheduling;
using Sommelier.Storage;

namespace Sommelier.Tests.Evals.Scheduling;

/// <summary>What is scheduled, whose turn it is and what was spent, on both databases.</summary>
public sealed class ScheduleStoreTests(PostgresFixture postgres) : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("sommelier-schedule-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_look_at_a_catalog_schedules_nothing_and_each_new_model_is_scheduled_once(bool shared)
    {
        await using var database = await OpenAsync(shared);
        var store = new ScheduleStore(database);
        await store.PrepareAsync(TimeProvider.System, Cancel);

        Assert.Empty(await store.NoteAsync(Models("a", "b"), Now, Cancel));
        Assert.Empty(await store.AllAsync(Cancel));
        Assert.Equal(["c", "d"], await store.NoteAsync(Models("b", "d", "c"), Now, Cancel));
        Assert.Empty(await store.NoteAsync(Models("a", "c"), Now, Cancel));
        Assert.Equal(["lab/c one", "lab/c two", "lab/d one", "lab/d two"], (await store.AllAsync(Cancel)).Select(static eval => $"{eval.Model} {eval.Suite}"));

        var changed = Eval("c", "one") with { State = ScheduleState.FirstLook, Run = "r", Failures = 2, Due = Now.AddHours(1), Changed = Now.AddMinutes(1), Detail = "d" };
        await store.PutAsync(changed, Cancel);
        Assert.Equal(changed, (await store.AllAsync(Cancel))[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Held_money_counts_until_it_is_settled_and_lost_money_for_ever(bool shared)
    {
        await using var database = await OpenAsync(shared);
        var store = new ScheduleStore(database);
        await store.PrepareAsync(TimeProvider.System, Cancel);
        var (day, next, eval) = (new DateOnly(2026, 11, 27), new DateOnly(2026, 11, 28), Eval("c", "one") with { Run = "first" });
        await store.PutAsync(eval, Cancel);

        await store.HoldAsync(eval, day, 2.5m, Cancel);
        Assert.Equal((2.5m, 0m), (await store.SpentUsdAsync(day, Cancel), await store.SpentUsdAsync(next, Cancel)));
        Assert.Equal([(day, "lab/c", "one", "first", 2.5m)], await store.HeldAsync(Cancel));

        await store.SettleAsync(eval, new Dictionary<DateOnly, decimal> { [day] = 0.5m, [next] = 0.25m }, (day, 0.125m), Cancel);
        Assert.Equal((0.625m, 0.25m), (await store.SpentUsdAsync(day, Cancel), await store.SpentUsdAsync(next, Cancel)));
        Assert.Empty(await store.HeldAsync(Cancel));

        // What a run has cost on a day is told whole each time; what may be lost adds up.
        await store.HoldAsync(eval, day, 1, Cancel);
        await store.SettleAsync(eval, new Dictionary<DateOnly, decimal> { [day] = 0.75m }, (day, 0.125m), Cancel);
        Assert.Equal(1m, await store.SpentUsdAsync(day, Cancel));

        // Another run of the same eval does not make the first one's money forgotten.
        await store.SettleAsync(eval with { Run = "second" }, new Dictionary<DateOnly, decimal> { [day] = 0.5m }, null, Cancel);
        Assert.Equal(1.5m, await store.SpentUsdAsync(day, Cancel));
        Assert.Equal(1.75m, (await store.AllAsync(Cancel))[0].SpentUsd);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_holds_the_lease_until_it_gives_it_back_or_it_ends(bool shared)
    {
        await using var database = await OpenAsync(shared);
        var store = new ScheduleStore(database);
        await store.PrepareAsync(TimeProvider.System, Cancel);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.TakeLeaseAsync($"{i}", Now, Now.AddMinutes(1), Cancel).AsTask()));
        var holder = $"{Array.IndexOf(taken, true)}";
        Assert.Single(taken, static one => one);
        Assert.True(await store.TakeLeaseAsync(holder, Now.AddSeconds(30), Now.AddSeconds(90), Cancel));
        Assert.False(await store.TakeLeaseAsync("other", Now.AddSeconds(89), Now.AddMinutes(5), Cancel));
        Assert.True(await store.TakeLeaseAsync("other", Now.AddSeconds(90), Now.AddMinutes(5), Cancel));

        await store.DropLeaseAsync(holder, Cancel);
        Assert.False(await store.TakeLeaseAsync("third", Now.AddSeconds(91), Now.AddMinutes(5), Cancel));
        await store.DropLeaseAsync("other", Cancel);
        Assert.True(await store.TakeLeaseAsync("third", Now.AddSeconds(91), Now.AddMinutes(5), Cancel));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ScheduledEval Eval(string model, string suite) => new($"lab/{model}", suite) { Due = Now, Changed = Now };

    private static Dictionary<string, IReadOnlyList<ScheduledEval>> Models(params string[] names) =>
        names.ToDictionary(static name => name, static IReadOnlyList<ScheduledEval> (name) => [Eval(name, "one"), Eval(name, "two")], StringComparer.Ordinal);

    private async Task<Database> OpenAsync(bool shared) =>
        shared ? Database.OfPostgres(await postgres.DatabaseAsync()) : Database.OfSqlite(Path.Combine(folder, "sommelier.db"));
}
