using Sommelier.Ledger;

namespace Sommelier.Accounts.Spending;

/// <summary>The gate of a gateway that shares its accounts with no other: counts in memory, under one lock.</summary>
/// <remarks>
/// What was spent is remembered by the ledger, which tells it again after a start and now and then (<see cref="Raise"/>); what was held by
/// requests that died with the process is held no more. The lock is taken twice per limited request, for some hundred
/// nanoseconds; requests without limits never come here.
/// </remarks>
internal sealed class LocalSpendGate(TimeProvider time) : ISpendGate
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, AccountMeter> meters = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<SpendAnswer> ReserveAsync(IReadOnlyList<Account> accounts, SpendAsk ask, DateTimeOffset began, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var output = ask.AskedOutputTokens ?? ask.MaxOutputTokens;
            var minuteTokens = ask.InputTokens + Math.Min(output, ask.AskedOutputTokens ?? ask.ExpectedOutputTokens);
            for (var at = 0; at < accounts.Count; at++)
            {
                var meter = MeterOf(accounts[at].Id);
                if (Minute(accounts[at], meter, minuteTokens, now) is { } late)
                {
                    return new(new SpendAnswer(null, late));
                }

                if (Afforded(accounts[at], meter, ask, began, ref output) is { } refusal)
                {
                    return new(new SpendAnswer(null, refusal));
                }
            }

            var nanoUsd = ask.CostOf(output);
            var tokens = ask.InputTokens + output;
            var nowMs = now.ToUnixTimeMilliseconds();
            var minute = default(MinuteAllowances);
            for (var at = 0; at < accounts.Count; at++)
            {
                var meter = MeterOf(accounts[at].Id);
                meter.Hold(began, nanoUsd, tokens);
                meter.Requests.Add(nowMs, ask.IsAside ? 0 : 1);
                meter.MinuteTokens.Add(nowMs, minuteTokens);
                if (accounts[at].Limits.RequestsPerMinute is { } requests)
                {
                    minute = minute.With(requests: true, meter.Requests.Allowance(nowMs, requests));
                }

                if (accounts[at].Limits.TokensPerMinute is { } most)
                {
                    minute = minute.With(requests: false, meter.MinuteTokens.Allowance(nowMs, most));
                }
            }

            return new(new SpendAnswer(
                new()
                {
                    Accounts = accounts,
                    At = began,
                    TakenAt = now,
                    NanoUsd = nanoUsd,
                    Tokens = tokens,
                    MinuteTokens = minuteTokens,
                    Minute = minute,
                    OutputCap = ask.AskedOutputTokens is null && output < ask.MaxOutputTokens ? output : null,
                },
                null));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ExtendAsync(SpendHold hold, IReadOnlyList<Account> payers, long nanoUsd, long tokens, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            foreach (var account in payers)
            {
                var meter = MeterOf(account.Id);
                foreach (var budget in account.Limits.Budgets)
                {
                    ref var window = ref meter.Window(budget.Window, hold.At);
                    if (budget.NanoUsd - window.NanoUsd - window.HeldNanoUsd < nanoUsd || budget.Tokens - window.Tokens - window.HeldTokens < tokens)
                    {
                        return new(false);
                    }
                }
            }

            foreach (var account in hold.Accounts)
            {
                MeterOf(account.Id).Hold(hold.At, nanoUsd, tokens);
            }

            hold.NanoUsd += nanoUsd;
            hold.Tokens += tokens;
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(SpendHold hold, long nanoUsd, long tokens)
    {
        lock (gate)
        {
            // What was counted too much is taken back where it was counted: of another minute's use nothing is forgiven.
            var more = tokens - hold.MinuteTokens;
            var minuteMs = (more > 0 ? time.GetUtcNow() : hold.TakenAt).ToUnixTimeMilliseconds();
            foreach (var account in hold.Accounts)
            {
                var meter = MeterOf(account.Id);
                meter.Settle(hold.At, hold.NanoUsd, hold.Tokens, nanoUsd, tokens);
                meter.MinuteTokens.Add(minuteMs, more);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Raises what an account has spent in a window to what the ledger knows, where that is more.</summary>
    public void Raise(string accountId, SpendWindow window, long windowStartMs, long nanoUsd, long tokens)
    {
        lock (gate)
        {
            MeterOf(accountId).Window(window, DateTimeOffset.FromUnixTimeMilliseconds(windowStartMs)).Raise(nanoUsd, tokens);
        }
    }

    /// <summary>What an account has spent and holds in a window that runs now.</summary>
    public WindowMeter Read(string accountId, SpendWindow window)
    {
        lock (gate)
        {
            return MeterOf(accountId).Window(window, time.GetUtcNow());
        }
    }

    private AccountMeter MeterOf(string id)
    {
        if (!meters.TryGetValue(id, out var meter))
        {
            meters.Add(id, meter = new());
        }

        return meter;
    }

    private static SpendRefusal? Minute(Account account, AccountMeter meter, long tokens, DateTimeOffset now)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        if (account.Limits.RequestsPerMinute is { } requests && meter.Requests.Used(nowMs) + 1 > requests)
        {
            return new(account, SpendLimit.RequestsPerMinute, null, 0, 1, meter.Requests.RoomIn(nowMs, requests, 1), new(meter.Requests.Allowance(nowMs, requests), null));
        }

        if (account.Limits.TokensPerMinute is { } most && meter.MinuteTokens.Used(nowMs) is var used && used + tokens > most)
        {
            return new(account, SpendLimit.TokensPerMinute, null, Math.Max(0, most - used), tokens, meter.MinuteTokens.RoomIn(nowMs, most, tokens), new(null, meter.MinuteTokens.Allowance(nowMs, most)));
        }

        return null;
    }

    // Lowers the output to what the budgets afford where the caller sent no limit of its own.
    private static SpendRefusal? Afforded(Account account, AccountMeter meter, in SpendAsk ask, DateTimeOffset began, ref long output)
    {
        var least = ask.AskedOutputTokens ?? Math.Min(ISpendGate.LeastOutputTokens, ask.MaxOutputTokens);
        foreach (var budget in account.Limits.Budgets)
        {
            ref var window = ref meter.Window(budget.Window, began);
            if (budget.NanoUsd is { } money)
            {
                var left = money - window.NanoUsd - window.HeldNanoUsd;
                if (ask.CostOf(least) > left)
                {
                    return new(account, SpendLimit.Money, budget, Math.Max(0, left), ask.CostOf(least), budget.Window.End(began) - began);
                }

                if (ask.CostOf(output) > left)
                {
                    output = Math.Max(least, (long)((left - ask.InputNanoUsd) / ask.OutputNanoUsdPerToken));
                }
            }

            if (budget.Tokens is { } tokens)
            {
                var left = tokens - window.Tokens - window.HeldTokens;
                if (ask.InputTokens + least > left)
                {
                    return new(account, SpendLimit.Tokens, budget, Math.Max(0, left), ask.InputTokens + least, budget.Window.End(began) - began);
                }

                output = Math.Min(output, left - ask.InputTokens);
            }
        }

        return null;
    }
}
