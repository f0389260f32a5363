using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sommelier.Accounts;
using Sommelier.Accounts.Storage;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Quality.Storage;

namespace Sommelier.Quality;

/// <summary>
/// The versions of the quality table: evidence in, published versions out, and which one is in force. Publishing and rolling back
/// only ever add; each is one transaction with its entry in the audit log, and one at a time over all processes.
/// </summary>
internal sealed class QualityBook : IDisposable
{
    // After ten half-lives a thousandth is left of a weight: too little to be read.
    private const int HalfLivesRead = 10;

    private readonly QualityStore store;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly RequestIdGenerator ids;
    private readonly SemaphoreSlim refreshing = new(1, 1);
    private QualityVersion? live;
    private long changes;

    private QualityBook(QualityStore store, TimeProvider time, ILogger logger)
    {
        (this.store, this.time, this.logger) = (store, time, logger);
        ids = new(time);
    }

    /// <summary>The version in force; null for the catalog's own table.</summary>
    public QualityVersion? Live => Volatile.Read(ref live);

    /// <summary>Called with each version that comes in force here, also by another process's hand; null for the catalog's own table.</summary>
    public Action<QualityVersion?> Changed { get; set; } = static _ => { };

    /// <summary>Opens the book at the version in force.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public static async ValueTask<QualityBook> OpenAsync(QualityStore store, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        await store.PrepareAsync(time, cancellationToken);
        var book = new QualityBook(store, time, logger);
        await book.RefreshAsync(cancellationToken);
        return book;
    }

    /// <summary>Takes over what another process has put in force.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            var (now, version) = await store.PointerAsync(cancellationToken);
            if (now != changes)
            {
                var next = version == 0 ? null : await store.FindAsync(version, cancellationToken);
                Volatile.Write(ref live, next);
                changes = now;
                logger.QualityInForce(next?.Info.Name ?? QualityVersion.None);
                Changed(next);
            }
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>
    /// Makes a version of the evidence in force and some more, and puts it in force unless it is a shadow. What was rolled back, and what
    /// only a shadow holds, is not in it.
    /// </summary>
    /// <returns>The version; null when another one is in force than <see cref="Publication.OnlyOn"/> says.</returns>
    /// <exception cref="QualityException">There is no evidence, or some that cannot be.</exception>
    public async ValueTask<QualityVersion?> PublishAsync(Publication publication, CancellationToken cancellationToken)
    {
        foreach (var one in publication.Evidence)
        {
            one.Check();
        }

        var made = await store.AloneAsync(connection => MakeAsync(connection, publication, cancellationToken), cancellationToken);
        await RefreshAsync(cancellationToken);
        return made;
    }

    /// <summary>Puts an earlier version in force again, or a shadow for the first time; 0 is the catalog's own table.</summary>
    /// <exception cref="QualityException">There is no such version.</exception>
    public async ValueTask<QualityVersionInfo?> RollBackAsync(long version, string actor, CancellationToken cancellationToken)
    {
        var found = await store.AloneAsync(
            async connection =>
            {
                var to = (await QualityStore.VersionsAsync(connection, cancellationToken)).FirstOrDefault(one => one.Number == version);
                if (to is null && version != 0)
                {
                    throw QualityException.Missing($"{version}");
                }

                var from = (await QualityStore.PointerAsync(connection, cancellationToken)).Version;
                var now = time.GetUtcNow();
                await QualityStore.PointAsync(connection, version, now, actor, cancellationToken);
                await NoteAsync(connection, actor, "quality.rollback", to?.Name ?? QualityVersion.None, json => json.WriteNumber("from", from), now, cancellationToken);
                return to;
            },
            cancellationToken);
        await RefreshAsync(cancellationToken);
        return found;
    }

    /// <summary>A version by its number, <c>v7</c> or whole name; null for the catalog's own table.</summary>
    /// <exception cref="QualityException">There is no such version.</exception>
    public async ValueTask<QualityVersion?> GetAsync(string version, CancellationToken cancellationToken)
    {
        if (VersionContent.NumberOf(version) is not { } number)
        {
            throw QualityException.Missing(version);
        }

        if (number == 0)
        {
            return null;
        }

        // A whole name of another database has the number of one of ours.
        return await store.FindAsync(number, cancellationToken) is { } found
            && (!version.Contains('-', StringComparison.Ordinal) || string.Equals(version, found.Info.Name, StringComparison.Ordinal))
                ? found
                : throw QualityException.Missing(version);
    }

    /// <summary>Two versions to compare: by default the one in force and the one that was in force before it.</summary>
    /// <param name="from">The first; null for the parent of the second.</param>
    /// <param name="to">The second; null for the one in force.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="QualityException">There is no such version.</exception>
    public async ValueTask<(QualityVersion? From, QualityVersion? To)> PairAsync(string? from, string? to, CancellationToken cancellationToken)
    {
        var second = to is null ? Live : await GetAsync(to, cancellationToken);
        return (await GetAsync(from ?? $"{second?.Info.Parent ?? 0}", cancellationToken), second);
    }

    /// <inheritdoc cref="QualityStore.VersionsAsync(PageAsk, CancellationToken)"/>
    public ValueTask<Page<QualityVersionInfo>?> HistoryAsync(PageAsk page, CancellationToken cancellationToken) => store.VersionsAsync(page, cancellationToken);

    /// <summary>Takes feedback; a later word of the same caller on the same request replaces the earlier one.</summary>
    public ValueTask PutAsync(Feedback feedback, CancellationToken cancellationToken) => store.PutFeedbackAsync(feedback, cancellationToken);

    /// <inheritdoc cref="QualityStore.FeedbackAsync"/>
    public ValueTask<Page<Feedback>> FeedbackAsync(PageAsk page, CancellationToken cancellationToken) => store.FeedbackAsync(page, cancellationToken);

    /// <summary>Feedback on the requests from one id to another, both included, in no order.</summary>
    public ValueTask<IReadOnlyList<Feedback>> FeedbackBetweenAsync(string first, string last, CancellationToken cancellationToken) =>
        store.FeedbackBetweenAsync(first, last, cancellationToken);

    /// <summary>Deletes feedback that weighs next to nothing by now, and comments on requests whose time is over.</summary>
    /// <param name="retention">How long requests are kept; null for ever.</param>
    /// <param name="settings">Say how fast feedback loses weight.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask PurgeAsync(TimeSpan? retention, QualitySettings settings, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await store.DeleteFeedbackAsync(now - (settings.HalfLife * HalfLivesRead), cancellationToken);
        if (retention is { } keep)
        {
            await store.ClearCommentsAsync(RequestId.Floor(now - keep), cancellationToken);
        }
    }

    /// <summary>
    /// Publishes the feedback that waits, when it is time: the settings say so, the version in force is as old as they say, and
    /// none that was published is newer, so that nothing follows by itself on a rollback.
    /// </summary>
    /// <param name="catalog">Knows which model a deployment is of.</param>
    /// <param name="settings">Whether, and how often.</param>
    /// <param name="since">When counting began, where nothing was published yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<QualityVersion?> PublishFeedbackAsync(CatalogSnapshot catalog, QualitySettings settings, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var current = Live?.Info;
        var due = current is null || current.At < since ? since : current.At;
        if (!settings.PublishFeedback || now - due < settings.Every)
        {
            return null;
        }

        var newest = await store.NewestFeedbackAsync(cancellationToken);
        if (newest is null || newest <= current?.FeedbackUntil || newest < now - (settings.HalfLife * HalfLivesRead))
        {
            return null;
        }

        var last = (await store.VersionsAsync(cancellationToken)).FirstOrDefault(static version => !version.Shadow);
        if (last is not null && last.Number > (current?.Number ?? 0))
        {
            return null;
        }

        return await PublishAsync(
            new() { Reason = "feedback", Actor = "feedback", WithFeedback = true, OnlyOn = current?.Number ?? 0, Catalog = catalog, Settings = settings },
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => refreshing.Dispose();

    private async Task<QualityVersion?> MakeAsync(DbConnection connection, Publication publication, CancellationToken cancellationToken)
    {
        var settings = publication.Settings;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var (_, parent) = await QualityStore.PointerAsync(connection, cancellationToken);
        if (publication.OnlyOn is { } only && only != parent)
        {
            return null;
        }

        var since = now - (settings.HalfLife * HalfLivesRead);
        var lineage = Lineage(await QualityStore.VersionsAsync(connection, cancellationToken), parent);
        var until = publication.WithFeedback ? now : lineage.FeedbackUntil;
        var counted = (await QualityStore.EvidenceAsync(connection, since, cancellationToken))
            .Where(row => lineage.Numbers.Contains(row.Version))
            .Select(row => row.Evidence)
            .Concat(publication.Evidence.Where(one => one.ObservedAt >= since))
            .GroupBy(one => one.Id, StringComparer.Ordinal)
            .Select(same => same.Last());
        var feedback = until is { } end ? await QualityStore.FeedbackSumsAsync(connection, since, end, cancellationToken) : [];
        var cells = EvidencePool.Sum(counted.Concat(feedback), id => publication.Catalog.Find(id)?.CanonicalModel ?? id, now, settings.HalfLife);
        if (cells.Count == 0)
        {
            throw new QualityException("evidence", "There is nothing to publish: no eval run was published, no feedback counts as evidence yet, or all of it is older than ten half-lives (quality.half_life).");
        }

        var number = await QualityStore.NextVersionAsync(connection, cancellationToken);
        var content = VersionContent.Write(cells, settings.PriorMass, settings.MaxMass);
        var info = new QualityVersionInfo
        {
            Number = number,
            Name = VersionContent.NameOf(number, content),
            Parent = parent,
            At = now,
            Actor = publication.Actor,
            Reason = publication.Reason,
            Shadow = publication.Shadow,
            FeedbackUntil = until,
            Answers = cells.Sum(cell => cell.Answers),
        };
        await QualityStore.AddVersionAsync(connection, info, content, publication.Evidence, cancellationToken);
        if (!publication.Shadow)
        {
            await QualityStore.PointAsync(connection, number, now, publication.Actor, cancellationToken);
        }

        await NoteAsync(connection, publication.Actor, publication.Shadow ? "quality.shadow" : "quality.publish", info.Name, json => QualityBookJson.Members(json, info), now, cancellationToken);
        return new(info, cells, settings.PriorMass, settings.MaxMass);
    }

    // What a version holds: its own evidence and that of the versions that it descends from.
    private static (HashSet<long> Numbers, DateTimeOffset? FeedbackUntil) Lineage(IReadOnlyList<QualityVersionInfo> versions, long from)
    {
        var byNumber = versions.ToDictionary(version => version.Number);
        var numbers = new HashSet<long>();
        for (var number = from; byNumber.TryGetValue(number, out var version) && numbers.Add(number); number = version.Parent)
        {
        }

        return (numbers, byNumber.GetValueOrDefault(from)?.FeedbackUntil);
    }

    private Task<int> NoteAsync(
        DbConnection connection, string actor, string action, string subject, Action<Utf8JsonWriter> detail, DateTimeOffset at, CancellationToken cancellationToken) =>
        AccountStore.NoteAsync(connection, new AuditEntry(ids.Next(), at, actor, action, subject, QualityBookJson.Text(detail)), cancellationToken);
}
