using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger.Catalogs;
using Sommelier.Replay;
using Sommelier.Statistics.Chance;
using Sommelier.Tests.Accounts;
using Sommelier.Tests.Routing;

namespace Sommelier.Tests.Replay;

/// <summary>A whole log under another policy: sums, intervals, what ratings say, and what they do not.</summary>
public sealed class ReplayRunTests(PostgresFixture server)
{
    private const string Catalog = "\n\na/big price=3/15 q=0.90x20\nb/small price=1/2 q=0.70x20\nc/middle price=2/4 q=0.80x20\n";

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_logged_policy_costs_what_the_ledger_says_whatever_it_drew(bool postgres)
    {
        var query = RouteCase.Parse("policy.split a/big 50, premium 50\npolicy.explore 0.4\npolicy.order c/middle" + Catalog).Query;
        await using var traffic = await LoggedTraffic.OfAsync(query, 300, (_, number) => number % 2, postgres: postgres ? server : null);

        var report = await traffic.ReplayAsync(query.Catalog, query.Policy);

        Assert.Equal((300, 300, 0), (report.Requests, report.Same, report.Changed));
        Assert.Equal((traffic.Cost, traffic.Cost, 0L, 0L), (report.Cost.Logged, report.Cost.Exact, report.Cost.Estimated, report.Cost.Difference));
        Assert.Equal(new(0, 0), report.Cost.PerRequest);
        Assert.Equal((0.5, 0.5), (report.Rated.Logged, report.Rated.Replayed));
        Assert.Equal(report.Believed.Logged, report.Believed.Replayed);
        Assert.Empty(report.Changes);
    }

    [Fact]
    public async Task Another_policy_costs_its_models_prices_and_takes_their_time()
    {
        var query = RouteCase.Parse("policy.order a/big" + Catalog).Query;
        await using var traffic = await LoggedTraffic.OfAsync(query, 60);
        await using var mixed = await LoggedTraffic.OfAsync(query with { Policy = query.Policy with { Order = ["b/small"] } }, 60);

        var report = await traffic.ReplayAsync(query.Catalog, query.Policy with { Order = ["b/small"] });

        // Sum of (1000 + n) in and 100 out: 61,770 in and 6,000 out; 3 and 15 USD per million against 1 and 2.
        Assert.Equal((61_770 * 3_000L) + (6_000 * 15_000L), report.Cost.Logged);
        Assert.Equal((0L, (61_770 * 1_000L) + (6_000 * 2_000L)), (report.Cost.Exact, report.Cost.Estimated));
        Assert.Equal(new ReplayedChange("a/big", "b/small", 60, -201_540_000), Assert.Single(report.Changes));
        Assert.True(report.Cost.PerRequest!.Value.Contains(-201_540_000 / 60.0));
        Assert.InRange(report.Cost.PerRequest.Value.HalfWidth, 5_000, 15_000);
        Assert.Equal(-0.2, report.Believed.Replayed!.Value - report.Believed.Logged!.Value, 6);

        // Nobody has seen how long b/small takes in this log; in the other one, everybody has.
        Assert.Equal(0, report.Latency.Count);
        var back = await mixed.ReplayAsync(query.Catalog, query.Policy with { Order = ["b/small"] });
        Assert.Equal((60, 1_000), (back.Latency.Count, back.Latency.Replayed));
    }

    [Fact]
    public async Task Copies_for_shadows_are_no_requests()
    {
        var query = RouteCase.Parse("policy.order a/big" + Catalog).Query;
        await using var traffic = await LoggedTraffic.OfAsync(query, 10);
        await traffic.AddShadowAsync(query with { Policy = query.Policy with { Order = ["b/small"] } }, 11);

        var report = await traffic.ReplayAsync(query.Catalog, query.Policy with { Order = ["b/small"] });

        Assert.Equal((10, traffic.Cost, 0), (report.Requests, report.Cost.Logged, report.Latency.Count));
    }

    [Fact]
    public async Task Latency_is_the_median_of_those_that_answered()
    {
        var query = RouteCase.Parse("policy.split a/big 50, b/small 50" + Catalog).Query;
        await using var traffic = await LoggedTraffic.OfAsync(query, 200);

        var report = await traffic.ReplayAsync(query.Catalog, query.Policy with { Split = [], Order = ["b/small"] });

        Assert.Equal(200, report.Latency.Count);
        Assert.InRange(report.Latency.Replayed!.Value, 990, 1_010);
        Assert.InRange(report.Latency.Logged!.Value, 1_800, 2_200);
        Assert.True(report.Latency.Difference!.Value.High < 0);
    }

    [Fact]
    public async Task Explored_ratings_tell_what_a_policy_that_never_served_would_have_earned()
    {
        // b/small is taken, and c/middle is now and then; its answers are good nine times in ten, the others' six.
        var query = RouteCase.Parse("policy.gap 0.5\npolicy.explore 0.4" + Catalog).Query;
        var chance = new SeededRandom(7);
        await using var traffic = await LoggedTraffic.OfAsync(query, 3_000, (model, _) => chance.NextDouble() < (model == "c/middle" ? 0.9 : 0.6) ? 1 : 0);

        var report = await traffic.ReplayAsync(query.Catalog, query.Policy with { Explore = null, Order = ["c/middle"] });

        var rated = report.Rated;
        Assert.True(rated.Suffices);
        Assert.Null(rated.Replayed);
        Assert.Equal((3_000, 3_000), (rated.Rated, rated.Drawn));
        Assert.InRange(rated.EffectiveSampleSize, 500, 1_200);
        Assert.InRange(rated.LoggedDrawn!.Value, 0.64, 0.74);
        Assert.Equal(0.9, rated.Snips!.Value, 0.06);
        Assert.Equal(0.9, rated.DoublyRobust!.Value, 0.08);
        Assert.True(rated.SnipsInterval!.Value.Contains(0.9) && rated.SnipsInterval.Value.Low > rated.LoggedDrawn);
    }

    [Fact]
    public async Task An_arm_of_a_split_is_told_by_its_own_ratings()
    {
        var query = RouteCase.Parse("policy.split a/big 25, b/small 75" + Catalog).Query;
        await using var traffic = await LoggedTraffic.OfAsync(query, 800, (model, _) => model == "a/big" ? 1 : 0.25);

        var arm = await traffic.ReplayAsync(query.Catalog, query.Policy.Split[0].Then);
        var neither = await traffic.ReplayAsync(query.Catalog, query.Policy with { Name = "third", Split = [], Order = ["c/middle"] });

        Assert.Equal(1, arm.Rated.Snips!.Value, 9);
        Assert.Equal(0.25 + (0.75 * 0.25), arm.Rated.LoggedDrawn!.Value, 0.04);
        Assert.Equal(arm.Rated.Same, (int)Math.Round(arm.Rated.EffectiveSampleSize));
        Assert.False(neither.Rated.Suffices);
        Assert.Equal((0.0, null), (neither.Rated.EffectiveSampleSize, neither.Rated.Needed));
    }

    [Fact]
    public async Task Too_few_ratings_are_not_enough_and_how_many_would_be_is_said()
    {
        var query = RouteCase.Parse("policy.split a/big 25, b/small 75" + Catalog).Query;
        await using var traffic = await LoggedTraffic.OfAsync(query, 40, (_, _) => 1);

        var rated = (await traffic.ReplayAsync(query.Catalog, query.Policy.Split[0].Then)).Rated;

        Assert.False(rated.Suffices);
        Assert.Equal((40, 40, (double)rated.Same), (rated.Rated, rated.Drawn, rated.EffectiveSampleSize));
        Assert.Equal((int)Math.Ceiling(40 * 30 / rated.EffectiveSampleSize), rated.Needed);
        Assert.Null(rated.Snips);
    }

    [Fact]
    public async Task Where_nothing_was_drawn_ratings_say_nothing_of_another_model()
    {
        var query = RouteCase.Parse("policy.order a/big" + Catalog).Query;
        await using var traffic = await LoggedTraffic.OfAsync(query, 100, (_, _) => 1);

        var rated = (await traffic.ReplayAsync(query.Catalog, query.Policy with { Order = ["b/small"] })).Rated;

        Assert.Equal((100, 0, 0, false), (rated.Rated, rated.Drawn, rated.Same, rated.Suffices));
    }

    [Fact]
    public async Task The_version_of_the_quality_table_that_a_record_names_is_taken_and_other_catalogs_are_told()
    {
        var query = RouteCase.Parse("policy.gap 0.05" + Catalog).Query;
        await using var empty = await LoggedTraffic.OfAsync(query, 0);
        var made = (await empty.Book.PublishAsync(
            new()
            {
                Reason = "test",
                Actor = "test",
                Catalog = query.Catalog,
                Evidence = [new() { Id = "r", Model = "b/small", Intent = Intent.KnowledgeQa, Kind = Sommelier.Quality.EvidenceKind.Eval, Source = "s", Answers = 400, Score = 400, ObservedAt = LoggedTraffic.Start }],
            },
            default))!;
        var published = made.Over(query.Catalog);
        await using var traffic = await LoggedTraffic.OfAsync(query, 30, catalog: published);

        // The book of the first one holds the version; that of the second does not.
        Assert.Equal(UndecidedReason.OtherCatalog, Assert.Single((await traffic.ReplayAsync(query.Catalog, query.Policy)).Undecided).Key);
        var held = await new ReplayRun(traffic.Ledger, empty.Book, query.Catalog).RunAsync(query.Policy, null, null, default);
        Assert.Equal((30, 30), (held.Requests, held.Same));
        Assert.Equal(traffic.Cost, held.Cost.Exact);

        var grown = query.Catalog.With([.. query.Catalog.Deployments, new Deployment { Id = "d/new", Provider = "d", Model = "new", CanonicalModel = "new" }]);
        var other = await new ReplayRun(traffic.Ledger, empty.Book, grown).RunAsync(query.Policy, null, null, default);
        Assert.Equal((0, traffic.Cost), (other.Decided, other.Cost.LoggedUndecided));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Requests_of_earlier_catalogs_are_decided_on_those_or_on_todays(bool postgres)
    {
        var query = RouteCase.Parse("policy.order a/big" + Catalog).Query;
        await using var traffic = await LoggedTraffic.OfAsync(query, 30, postgres: postgres ? server : null);
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        var store = new CatalogStore(databases.Database);
        await store.PrepareAsync(TimeProvider.System, default);
        await store.PutAsync(query.Catalog, LoggedTraffic.Start, default);

        // Today everything costs twice as much.
        var dearer = query.Catalog.With([.. query.Catalog.Deployments.Select(one => one with { Price = one.Price! with { InputUsdPerMillion = 2 * one.Price!.InputUsdPerMillion, OutputUsdPerMillion = 2 * one.Price!.OutputUsdPerMillion } })]);
        await store.PutAsync(dearer, LoggedTraffic.Start.AddDays(1), default);
        var other = query.Policy with { Order = ["b/small"] };

        var without = await new ReplayRun(traffic.Ledger, traffic.Book, dearer).RunAsync(other, null, null, default);
        var asOf = await new ReplayRun(traffic.Ledger, traffic.Book, dearer, store).RunAsync(other, null, null, default);
        var present = await new ReplayRun(traffic.Ledger, traffic.Book, dearer, store, ReplayedCatalog.Present).RunAsync(other, null, null, default);
        var logged = await new ReplayRun(traffic.Ledger, traffic.Book, dearer, store).RunAsync(query.Policy, null, null, default);

        Assert.Equal(0, without.Decided);
        Assert.Equal((30, ReplayedCatalog.AsOf), (asOf.Changed, asOf.Catalog));
        Assert.Equal((30, asOf.Cost.Estimated * 2), (present.Changed, present.Cost.Estimated));
        Assert.Equal((traffic.Cost, traffic.Cost), (logged.Cost.Logged, logged.Cost.Exact));
        var today = await new ReplayRun(traffic.Ledger, traffic.Book, dearer, store, ReplayedCatalog.Present).RunAsync(query.Policy, null, null, default);
        Assert.Equal((30, traffic.Cost, 2 * traffic.Cost), (today.Same, today.Cost.Logged, today.Cost.Exact));

        // What was last in force before a moment goes with the entries of that time.
        await store.PurgeAsync(LoggedTraffic.Start.AddHours(1), default);
        Assert.Equal([dearer.Version], await store.VersionsAsync(default));
        Assert.Equal(0, (await new ReplayRun(traffic.Ledger, traffic.Book, dearer, store).RunAsync(other, null, null, default)).Decided);
    }

    [Fact]
    public async Task A_catalog_is_stored_once_and_stays_for_as_long_as_it_is_in_force()
    {
        await using var databases = await Databases.StartAsync(null);
        var store = new CatalogStore(databases.Database);
        await store.PrepareAsync(TimeProvider.System, default);
        var catalog = RouteCase.Parse("" + Catalog).Query.Catalog;
        await store.PutAsync(catalog, LoggedTraffic.Start, default);
        await store.PutAsync(catalog, LoggedTraffic.Start.AddDays(30), default);

        await store.PurgeAsync(LoggedTraffic.Start.AddDays(29), default);

        Assert.Equal(catalog.Version, (await store.GetAsync(Assert.Single(await store.VersionsAsync(default)), default))!.Version);
        Assert.Null(await store.GetAsync("0000000000000000", default));
    }

    [Fact]
    public async Task Only_the_span_asked_for_counts_and_few_conversations_have_no_interval()
    {
        var query = RouteCase.Parse("policy.order a/big" + Catalog).Query;
        await using var traffic = await LoggedTraffic.OfAsync(query, 60);

        var report = await traffic.ReplayAsync(query.Catalog, query.Policy, LoggedTraffic.Start.AddMinutes(10), LoggedTraffic.Start.AddMinutes(22));

        Assert.Equal((12, null), (report.Requests, report.Cost.PerRequest));
    }

    [Fact]
    public void A_median_is_within_a_hundredth()
    {
        var durations = new DurationHistogram();
        foreach (var ms in Enumerable.Range(1, 2_001))
        {
            durations.Add(TimeSpan.FromMilliseconds(ms));
        }

        Assert.InRange(durations.MedianMs(), 991, 1_011);
    }
}
