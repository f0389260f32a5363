using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Accounts.Storage;
using Sommelier.Canaries;
using Sommelier.Canaries.Storage;
using Sommelier.Canonical;
using Sommelier.Routing;
using Sommelier.Tests.Accounts;
using Sommelier.Tests.Routing;

namespace Sommelier.Tests.Canaries;

/// <summary>What happens to a canary is kept, on either database, and is known to every instance.</summary>
public sealed class CanaryBookTests(PostgresFixture server)
{
    private static readonly RouteQuery Query = RouteCase.Parse("policy.canary a/new 50\n\na/new price=1/1 q=0.5x9\nb/old price=1/1 q=0.9x99\n").Query;
    private static readonly PolicySet Policies = new([Query.Policy]);
    private static readonly CanaryKey Key = new(Query.Policy.Name, Query.Policy.Canary!.Version);

    private readonly FakeTimeProvider time = new(new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_rollback_outlives_a_restart_and_is_seen_by_others_until_somebody_resumes(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        await using var other = await OpenAsync(databases);
        await using (var book = await OpenAsync(databases))
        {
            var told = new List<CanaryEvent>();
            book.OnRollback = told.Add;
            Fail(book, 11);
            Assert.Equal(CanaryReason.FirstRequests, Assert.Single(told).Reason);

            // At once here, stored or not.
            Assert.Equal(time.GetUtcNow(), book.RolledBack[Key]);
            Assert.NotEqual(CanaryArm.Canary, ModelRouter.Decide(OfCanary() with { RolledBack = book.RolledBack }).Query.Choice.Canary!.Arm);
        }

        await other.RefreshAsync(default);
        await using var again = await OpenAsync(databases);
        foreach (var one in new[] { other, again })
        {
            Assert.Equal(time.GetUtcNow(), Assert.Single(one.RolledBack, pair => pair.Key == Key).Value);
            Assert.StartsWith("11 of its first 11 requests failed", one.RollbackOf(Key)!.Detail, StringComparison.Ordinal);
        }

        await again.ResumeAsync(Key, "a/new", "key_admin", default);
        await other.RefreshAsync(default);
        Assert.All(new[] { other, again }, one => Assert.Empty(one.RolledBack));
        var acts = (await new AccountStore(databases.Database).ReadAuditAsync(new(10, null), default)).Items;
        Assert.Equal(["canary canary.rollback balanced", "key_admin canary.resume balanced"], acts.Select(act => $"{act.Actor} {act.Action} {act.Subject}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_canary_that_was_resumed_is_counted_anew()
    {
        await using var databases = await Databases.StartAsync(null);
        await using var book = await OpenAsync(databases);
        Fail(book, 11);
        Fail(book, 5);
        Assert.Equal(11, book.Find(Key)!.Figures().Canary.Failures);

        await book.ResumeAsync(Key, "a/new", "cli", default);
        Assert.Null(book.Find(Key));
        Fail(book, 10);
        Assert.Empty(book.RolledBack);
        Fail(book, 1);
        Assert.Single(book.RolledBack);
    }

    [Fact]
    public async Task A_changed_canary_is_another_one()
    {
        await using var databases = await Databases.StartAsync(null);
        await using var book = await OpenAsync(databases);
        Fail(book, 11);

        var changed = OfCanary() with { RolledBack = book.RolledBack, Policy = Query.Policy with { Canary = Query.Policy.Canary! with { MinRequests = 60 } } };

        Assert.Equal(CanaryArm.RolledBack, ModelRouter.Decide(OfCanary() with { RolledBack = book.RolledBack }).Query.Choice.Canary!.Arm);
        Assert.Equal(CanaryArm.Canary, ModelRouter.Decide(changed).Query.Choice.Canary!.Arm);
    }

    [Fact]
    public async Task An_instance_follows_the_others_within_a_second()
    {
        await using var databases = await Databases.StartAsync(null);
        await using var other = await OpenAsync(databases);
        other.Follow();
        await using (var book = await OpenAsync(databases))
        {
            Fail(book, 11);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (other.RolledBack.Count == 0)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, patience.Token);
        }
    }

    [Theory]
    [InlineData(AttemptOutcome.Failed, UpstreamFailureKind.Unavailable, 1, 1)]
    [InlineData(AttemptOutcome.Failed, UpstreamFailureKind.RateLimited, 1, 1)]
    [InlineData(AttemptOutcome.Broken, UpstreamFailureKind.ConnectionLost, 1, 1)]
    [InlineData(AttemptOutcome.Succeeded, null, 1, 0)]
    [InlineData(AttemptOutcome.Failed, UpstreamFailureKind.InvalidRequest, 0, 0)]
    [InlineData(AttemptOutcome.Failed, UpstreamFailureKind.ContentFiltered, 0, 0)]
    [InlineData(AttemptOutcome.Canceled, null, 0, 0)]
    [InlineData(AttemptOutcome.Superseded, null, 0, 0)]
    public async Task The_first_call_decides_what_counts(AttemptOutcome outcome, UpstreamFailureKind? failure, int requests, int failures)
    {
        await using var databases = await Databases.StartAsync(null);
        await using var book = await OpenAsync(databases);

        book.Count(ModelRouter.Decide(OfCanary()), [Call("a/new", outcome, failure), Call("b/old", AttemptOutcome.Succeeded, null)], Policies);

        var seen = book.Find(Key)?.Figures().Canary ?? default;
        Assert.Equal((requests, failures), (seen.Requests, seen.Failures));
    }

    [Fact]
    public async Task A_model_that_is_paused_for_its_failures_has_failed_and_one_that_the_caller_left_out_has_not()
    {
        await using var databases = await Databases.StartAsync(null);
        await using var book = await OpenAsync(databases);
        var paused = OfCanary() with { Live = new(Query.Live.At, [new("a/new", Sommelier.Catalog.DeploymentState.Unknown with { CooldownUntil = Query.Live.At.AddMinutes(1) })]) };
        var leftOut = OfCanary() with { Hints = CallerHints.None with { Exclude = ["a/new"] } };

        foreach (var query in new[] { paused, leftOut })
        {
            book.Count(ModelRouter.Decide(query), [Call("b/old", AttemptOutcome.Succeeded, null)], Policies);
        }

        Assert.Equal((1, 1), (book.Find(Key)!.Figures().Canary.Requests, book.Find(Key)!.Figures().Canary.Failures));
    }

    private static void Fail(CanaryBook book, int times)
    {
        for (var i = 0; i < times; i++)
        {
            book.Count(ModelRouter.Decide(OfCanary()), [Call("a/new", AttemptOutcome.Failed, UpstreamFailureKind.Unavailable)], Policies);
        }
    }

    // A query of a conversation that falls to the canary.
    private static RouteQuery OfCanary() => Enumerable.Range(0, 100)
        .Select(i => Query with { Signals = Query.Signals with { ConversationKey = (ulong)i } })
        .First(query => ModelRouter.Decide(query).Query.Choice.Canary!.Arm == CanaryArm.Canary);

    private static Attempt Call(string deployment, AttemptOutcome outcome, UpstreamFailureKind? failure) => new()
    {
        Number = 1, DeploymentId = deployment, RequestModel = "m", StartedAt = default, Outcome = outcome, Failure = failure is { } kind ? new(kind, "failed") : null,
    };

    private ValueTask<CanaryBook> OpenAsync(Databases databases) => CanaryBook.OpenAsync(new CanaryStore(databases.Database), time, NullLogger.Instance, default);
}
