using System.Data.Common;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sommelier.Accounts.Storage;
using Sommelier.Ledger;

namespace Sommelier.Accounts.Administration;

/// <summary>Notes refused acts in the audit log: of each actor so many a minute, and then how many more there were.</summary>
/// <remarks>
/// Whoever is not known is one actor, so that nobody fills the disk from outside: at most eleven entries a minute, which go after
/// <see cref="Retention"/>. What cannot be noted is refused all the same.
/// </remarks>
internal sealed class RefusalLog(AccountStore store, RequestIdGenerator ids, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How many refusals of one actor are noted within a minute.</summary>
    public const int PerMinute = 10;

    /// <summary>What an action that was refused ends with in the audit log.</summary>
    public const string Suffix = ".refused";

    /// <summary>How long refusals are kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // The database may hang, and whoever is refused need not wait for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private ITimer? minute;
    private Task closing = Task.CompletedTask;

    /// <summary>Notes a refusal, or counts it where its actor has had its share of this minute.</summary>
    public async ValueTask NoteAsync(AdminRefusal refusal)
    {
        lock (gate)
        {
            minute ??= time.CreateTimer(_ => closing = CloseMinuteAsync(), null, Minute, Timeout.InfiniteTimeSpan);
            if (++CollectionsMarshal.GetValueRefOrAddDefault(counts, refusal.Actor, out _) > PerMinute)
            {
                return;
            }
        }

        logger.AdministrationRefused(refusal.Actor, refusal.Action, refusal.Subject, refusal.Reason);
        await WriteAsync(refusal.Actor, refusal.Action + Suffix, refusal.Subject, json =>
        {
            json.WriteNumber("status", refusal.Status);
            json.WriteString("reason", refusal.Reason);
            json.WriteString("field", refusal.Field);
            json.WriteString("address", refusal.Address);
        });
    }

    /// <summary>Says what the running minute has suppressed so far.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseMinuteAsync();
        await closing;
    }

    private async Task CloseMinuteAsync()
    {
        List<(string Actor, int Suppressed)> more;
        lock (gate)
        {
            minute?.Dispose();
            minute = null;
            more = [.. counts.Where(static one => one.Value > PerMinute).Select(static one => (one.Key, one.Value - PerMinute))];
            counts.Clear();
        }

        foreach (var (actor, suppressed) in more)
        {
            await WriteAsync(actor, "admin" + Suffix, "", json => json.WriteNumber("suppressed", suppressed));
        }
    }

    private async ValueTask WriteAsync(string actor, string action, string subject, Action<Utf8JsonWriter> detail)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var act = new AuditEntry(ids.Next(), time.GetUtcNow(), actor, action, subject, AccountJson.Text(detail));

            // A database that hangs does not hear that it was cancelled either.
            await store.NoteAsync(act, patience.Token).AsTask().WaitAsync(patience.Token);
        }
        catch (Exception failure) when (failure is DbException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            logger.RefusalNotNoted(failure, actor, action);
        }
    }
}
