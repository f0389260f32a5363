using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Accounts.Storage;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Quality;
using Sommelier.Quality.Storage;
using Sommelier.Tests.Accounts;

namespace Sommelier.Tests.Quality;

public sealed class QualityBookTests(PostgresFixture server)
{
    private static readonly CatalogSnapshot Catalog = CatalogSnapshot.Create(
    [
        new() { Id = "a/m", Provider = "a", Model = "m", CanonicalModel = "m" },
        new() { Id = "b/m", Provider = "b", Model = "m", CanonicalModel = "m" },
        new() { Id = "a/other", Provider = "a", Model = "other", CanonicalModel = "other" },
    ]);

    private readonly FakeTimeProvider time = new(new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Published_evidence_is_in_force_and_is_read_back_by_others(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        using var book = await OpenAsync(databases);
        using var other = await OpenAsync(databases);
        QualityVersion? seen = null;
        other.Changed = version => seen = version;

        var made = (await book.PublishAsync(Run("r1", answers: 40, score: 38), default))!;
        await other.RefreshAsync(default);

        Assert.Same(seen, other.Live);
        foreach (var version in new[] { book.Live!, other.Live!, (await other.GetAsync("v1", default))!, (await other.GetAsync(made.Info.Name, default))! })
        {
            Assert.Equal(made.Info, version.Info);
            Assert.Equivalent(made.Cells, version.Cells, strict: true);
            Assert.Equal((10, 200), (version.PriorMass, version.MaxMass));
        }

        var table = other.Live!.Over(Catalog);
        Assert.NotEqual(Catalog.Version, table.Version);
        Assert.Equal((2 * 0.5 + 38) / 42, table.QualityOf(table.IndexOf("b/m"), Intent.Coding).Mean, 12);
        Assert.Equal($"{made.Info.Name}: eval run r1 (s.suite) n=40; before: nothing known", table.QualityOf(table.IndexOf("a/m"), Intent.Coding).Evidence);
        Assert.Equal(QualityTable.Nothing, table.QualityOf(table.IndexOf("a/other"), Intent.Coding));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_rolled_back_stays_out_of_what_is_published_then(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        using var book = await OpenAsync(databases);
        await book.PublishAsync(Run("good", answers: 10, score: 9), default);
        await book.PublishAsync(Run("bad", answers: 10, score: 0), default);
        Assert.Equal(20, book.Live!.Info.Answers);

        await book.RollBackAsync(1, "me", default);
        Assert.Equal((1, 10), (book.Live!.Info.Number, book.Live.Info.Answers));
        await book.PublishAsync(Run("next", answers: 5, score: 5), default);
        Assert.Equal(["eval run good (s.suite)", "eval run next (s.suite)"], book.Live!.Cells.Single().Sources.Select(source => source.Name));

        await book.RollBackAsync(2, "me", default);
        Assert.Equal(20, book.Live!.Info.Answers);
        await book.RollBackAsync(0, "me", default);
        Assert.Null(book.Live);
        Assert.Equal([3, 2, 1], (await book.HistoryAsync(All, default))!.Items.Select(version => version.Number));
        Assert.Equal(
            ["quality.rollback v0", "quality.rollback", "quality.publish"],
            (await new AccountStore(databases.Database).ReadAuditAsync(new(3, null), default)).Items.Select(act => act.Subject is "v0" ? $"{act.Action} v0" : act.Action));
        Assert.True((await Assert.ThrowsAsync<QualityException>(async () => await book.RollBackAsync(9, "me", default))).IsMissing);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Versions_and_feedback_are_read_in_pages_newest_first(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        using var book = await OpenAsync(databases);
        for (var i = 0; i < 3; i++)
        {
            await book.PublishAsync(Run($"r{i}", answers: 1, score: 1), default);
            await book.PutAsync(Word(i, 1, null), default);
        }

        var versions = (await book.HistoryAsync(new(2, null), default))!;
        var rest = (await book.HistoryAsync(new(2, versions.NextAfter), default))!;
        Assert.Equal([3, 2, 1], versions.Items.Concat(rest.Items).Select(static version => version.Number));
        Assert.Equal(("2", null), (versions.NextAfter, rest.NextAfter));
        Assert.Null((await book.HistoryAsync(new(3, null), default))!.NextAfter);
        Assert.Null(await book.HistoryAsync(new(2, "v3"), default));

        var words = await book.FeedbackAsync(new(2, null), default);
        var older = await book.FeedbackAsync(new(2, words.NextAfter), default);
        Assert.Equal([Word(2, 1, null).RequestId, Word(1, 1, null).RequestId, Word(0, 1, null).RequestId], words.Items.Concat(older.Items).Select(static word => word.RequestId));
        Assert.Null(older.NextAfter);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_shadow_is_compared_and_used_only_when_it_is_put_in_force(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        using var book = await OpenAsync(databases);
        await book.PublishAsync(Run("r1", answers: 10, score: 5), default);
        var shadow = (await book.PublishAsync(Run("r2", answers: 30, score: 30) with { Shadow = true }, default))!;
        Assert.Equal(1, book.Live!.Info.Number);

        var (from, to) = await book.PairAsync("1", "2", default);
        var coding = QualityDiff.Of(Catalog, from, to).Single(one => one is { Model: "a/m", Intent: Intent.Coding });
        Assert.Equal((6.0 / 12, 36.0 / 42, 40), (coding.Before.Mean, coding.After.Mean, coding.Cell!.Answers));
        Assert.Empty(QualityDiff.Of(Catalog, from, from));

        // Not in what is published without it.
        await book.PublishAsync(Run("r3", answers: 1, score: 1), default);
        Assert.Equal(11, book.Live!.Info.Answers);
        await book.RollBackAsync(shadow.Info.Number, "me", default);
        Assert.Equal(40, book.Live!.Info.Answers);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_run_that_is_published_again_counts_once(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        using var book = await OpenAsync(databases);
        await book.PublishAsync(Run("r1", answers: 10, score: 5), default);
        await book.PublishAsync(Run("r1", answers: 12, score: 12), default);

        Assert.Equal((12, 12.0), (book.Live!.Info.Answers, book.Live.Cells.Single().Score));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Versions_that_are_published_at_once_lose_no_evidence(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        using var one = await OpenAsync(databases);
        using var two = await OpenAsync(databases);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () => await (i % 2 == 0 ? one : two).PublishAsync(Run($"r{i}", answers: 1, score: 1), default))));

        await one.RefreshAsync(default);
        Assert.Equal((8, 8), (one.Live!.Info.Number, one.Live.Info.Answers));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Feedback_waits_until_it_is_time_and_a_later_word_replaces_the_earlier(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        using var book = await OpenAsync(databases);
        var began = time.GetUtcNow();
        var settings = QualitySettings.Default with { PublishFeedback = true };
        await book.PutAsync(Word(1, 0, "worse"), default);
        await book.PutAsync(Word(1, 1, "better"), default);
        await book.PutAsync(Word(2, 0.5, null), default);
        await book.PutAsync(Word(3, 1, null) with { Intent = null }, default);

        Assert.Null(await book.PublishFeedbackAsync(Catalog, settings, began, default));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await book.PublishFeedbackAsync(Catalog, settings with { PublishFeedback = false }, began, default));
        var made = await book.PublishFeedbackAsync(Catalog, settings, began, default);
        var cell = Assert.Single(made!.Cells);
        Assert.Equal(("m", Intent.Coding, 2), (cell.Model, cell.Intent, cell.Answers));
        Assert.Equal(1.5 / 2, cell.Score / cell.Mass, 9);

        // Nothing new; then something, but an older version is in force.
        time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await book.PublishFeedbackAsync(Catalog, settings, began, default));
        await book.PutAsync(Word(4, 1, null), default);
        await book.RollBackAsync(0, "me", default);
        Assert.Null(await book.PublishFeedbackAsync(Catalog, settings, began, default));
        await book.RollBackAsync(1, "me", default);
        Assert.Equal(3, (await book.PublishFeedbackAsync(Catalog, settings, began, default))!.Info.Answers);

        // An eval that is published without feedback keeps what was in force of it, and takes no more.
        time.Advance(TimeSpan.FromMinutes(1));
        await book.PutAsync(Word(5, 1, null), default);
        Assert.Equal(3 + 10, (await book.PublishAsync(Run("r1", answers: 10, score: 5), default))!.Info.Answers);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Comments_go_with_their_requests_and_scores_when_they_weigh_nothing(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        using var book = await OpenAsync(databases);
        await book.PutAsync(Word(1, 1, "fine"), default);

        time.Advance(TimeSpan.FromDays(8));
        await book.PurgeAsync(null, QualitySettings.Default, default);
        Assert.Equal("fine", Assert.Single((await book.FeedbackAsync(All, default)).Items).Comment);
        await book.PurgeAsync(TimeSpan.FromDays(7), QualitySettings.Default, default);
        Assert.Null(Assert.Single((await book.FeedbackAsync(All, default)).Items).Comment);
        await book.PurgeAsync(null, QualitySettings.Default with { HalfLife = TimeSpan.FromHours(1) }, default);
        Assert.Empty((await book.FeedbackAsync(All, default)).Items);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Feedback_of_many_at_once_is_all_counted(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        using var book = await OpenAsync(databases);

        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) => await book.PutAsync(Word(i, 1, null), default));

        Assert.Equal(64, (await book.PublishAsync(Run("r", 1, 1) with { Evidence = [], WithFeedback = true }, default))!.Info.Answers);
    }

    [Theory]
    [InlineData("v7")]
    [InlineData("v1-ffffffff")]
    [InlineData("seven")]
    [InlineData("")]
    public async Task An_unknown_version_is_said_to_be_unknown(string version)
    {
        await using var databases = await Databases.StartAsync(null);
        using var book = await OpenAsync(databases);
        await book.PublishAsync(Run("r1", answers: 1, score: 1), default);

        Assert.True((await Assert.ThrowsAsync<QualityException>(async () => await book.GetAsync(version, default))).IsMissing);
        Assert.Null(await book.GetAsync("v0", default));
    }

    [Fact]
    public async Task Nothing_cannot_be_published()
    {
        await using var databases = await Databases.StartAsync(null);
        using var book = await OpenAsync(databases);

        await Assert.ThrowsAsync<QualityException>(async () => await book.PublishAsync(Run("r", 1, 1) with { Evidence = [], WithFeedback = true }, default));

        // So old that its weight would be none at all.
        var old = Run("r", 1, 1);
        await Assert.ThrowsAsync<QualityException>(async () => await book.PublishAsync(old with { Evidence = [old.Evidence[0] with { ObservedAt = DateTimeOffset.UnixEpoch }] }, default));
        Assert.Empty((await book.HistoryAsync(All, default))!.Items);
    }

    private static PageAsk All => new(PageAsk.Largest, null);

    private async Task<QualityBook> OpenAsync(Databases databases) => await QualityBook.OpenAsync(new QualityStore(databases.Database), time, NullLogger.Instance, default);

    private Publication Run(string run, long answers, double score) => new()
    {
        Reason = $"eval run {run}",
        Actor = "me",
        Catalog = Catalog,
        Evidence =
        [
            new() { Id = $"{run}/coding", Model = "a/m", Intent = Intent.Coding, Kind = EvidenceKind.Eval, Source = $"{run} (s.suite)", Answers = answers, Score = score, ObservedAt = time.GetUtcNow() },
        ],
    };

    private Feedback Word(int request, double score, string? comment) => new()
    {
        RequestId = RequestId.Format(time.GetUtcNow().ToUnixTimeMilliseconds(), 0, (ulong)request),
        CallerId = "key_1",
        At = time.GetUtcNow(),
        Score = score,
        Comment = comment,
        DeploymentId = "b/m",
        Intent = Intent.Coding,
    };
}
