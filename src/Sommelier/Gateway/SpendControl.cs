using System.Globalization;
using Sommelier.Accounts;
using Sommelier.Accounts.Spending;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Routing.Cascading;

namespace Sommelier.Gateway;

/// <summary>Holds what a request may cost before it is sent, and settles what it did cost.</summary>
/// <remarks>
/// The hold is what the dearest candidate would charge for the input, the searches and all the output that is allowed. Where the
/// caller set no limit of its own the answer may be as long as the budgets afford, and that is sent as the limit.
/// </remarks>
internal sealed class SpendControl(ISpendGate gate, Func<AccountDirectory> accounts)
{
    // Estimates of input tokens may be low by so much.
    private const int MarginPercent = 25;
    private const int UnknownOutputLimit = 16_384;

    /// <summary>Holds what a request may use.</summary>
    /// <param name="flight">Decided, and not sent yet.</param>
    /// <param name="plan">Whom it may be sent to.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <returns>Whom it may be sent to with the money that there is: candidates of unknown price are left out where money is limited.</returns>
    /// <exception cref="GatewayException">A limit refuses it.</exception>
    public async ValueTask<Deployment[]> ReserveAsync(Flight flight, Deployment[] plan, CancellationToken cancellationToken)
    {
        if (flight.Caller!.Known is not { Limited: { Count: > 0 } payers })
        {
            return plan;
        }

        if (payers.Any(static account => account.Limits.Budgets.Any(static budget => budget.NanoUsd is not null)))
        {
            plan = [.. plan.Where(static deployment => deployment.Price is not null)];
            if (plan.Length == 0)
            {
                throw new GatewayException(new(
                    GatewayErrorKind.NoCandidate,
                    "The key has a budget in USD, and no model that could answer has a known price. Set its price in the configuration, or name another model.",
                    400,
                    "model",
                    "price_unknown"));
            }
        }

        await HoldAsync(flight, payers, Ask(flight, plan), cancellationToken);
        return plan;
    }

    /// <summary>Counts a request that costs nothing, because its answer was stored.</summary>
    /// <exception cref="GatewayException">A limit of requests per minute refuses it.</exception>
    public async ValueTask CountAsync(Flight flight, CancellationToken cancellationToken)
    {
        if (flight.Caller!.Known is not { Limited: { Count: > 0 } payers })
        {
            return;
        }

        var nothing = new SpendAsk { InputTokens = 0, InputNanoUsd = 0, OutputNanoUsdPerToken = 0, AskedOutputTokens = 0, MaxOutputTokens = 0 };
        await HoldAsync(flight, payers, nothing, cancellationToken);
    }

    /// <summary>Whether the budgets afford one more upstream call after those that have to be paid.</summary>
    public async ValueTask<bool> AffordsAnotherAsync(Flight flight, CancellationToken cancellationToken)
    {
        if (flight.Hold is not { } hold)
        {
            return true;
        }

        // What earlier calls have used is added once, however many follow.
        var (nanoUsd, tokens) = Used(flight.Attempts);
        var (moreNanoUsd, moreTokens) = (Math.Max(0, nanoUsd - hold.OverNanoUsd), Math.Max(0, tokens - hold.OverTokens));
        if (moreNanoUsd + moreTokens > 0 && !await ExtendAsync(hold, moreNanoUsd, moreTokens, cancellationToken))
        {
            return false;
        }

        (hold.OverNanoUsd, hold.OverTokens) = (Math.Max(hold.OverNanoUsd, nanoUsd), Math.Max(hold.OverTokens, tokens));
        return true;
    }

    /// <summary>Holds, beside the plan, what a cheap model's answer and its checks may come to. When it does not fit, nothing more is held.</summary>
    public async ValueTask<bool> AffordsCascadeAsync(Flight flight, CascadePlan cascade, CancellationToken cancellationToken)
    {
        if (flight.Hold is not { } hold)
        {
            return true;
        }

        if (!await ExtendAsync(hold, cascade.ExtraNanoUsd, cascade.ExtraTokens, cancellationToken))
        {
            return false;
        }

        (hold.OverNanoUsd, hold.OverTokens) = (cascade.ExtraNanoUsd, cascade.ExtraTokens);
        return true;
    }

    /// <summary>Whether the budgets afford a second upstream call beside one that runs, whose end nobody knows: as much as for the first is held for it.</summary>
    public async ValueTask<bool> AffordsBesideAsync(Flight flight, CancellationToken cancellationToken) =>
        flight.Hold is not { } hold || await ExtendAsync(hold, hold.NanoUsd, hold.Tokens, cancellationToken);

    /// <summary>The request is over: counts what it used, whatever became of it.</summary>
    public void Settle(Flight flight)
    {
        if (flight.Hold is { } hold)
        {
            flight.Hold = null;
            var (nanoUsd, tokens) = Used(flight.Attempts);
            _ = gate.SettleAsync(hold, nanoUsd, tokens).AsTask();
        }
    }

    private async ValueTask HoldAsync(Flight flight, IReadOnlyList<Account> payers, SpendAsk ask, CancellationToken cancellationToken)
    {
        var answer = await gate.ReserveAsync(payers, ask, flight.StartedAt, cancellationToken);
        flight.Hold = answer.Hold;
        flight.Minute = answer.Hold?.Minute ?? answer.Refusal?.Minute ?? default;
        if (answer.Refusal is { } refusal)
        {
            throw new GatewayException(Refused(refusal));
        }
    }

    // A budget that was lowered or taken away since it was held is in force for what is still to be sent.
    private ValueTask<bool> ExtendAsync(SpendHold hold, long nanoUsd, long tokens, CancellationToken cancellationToken)
    {
        var directory = accounts();
        return gate.ExtendAsync(hold, [.. hold.Accounts.Select(then => AsNow(then, directory.Find(then.Id)))], nanoUsd, tokens, cancellationToken);
    }

    private static Account AsNow(Account then, Account? now) => now is null || ReferenceEquals(then, now) ? then : then with
    {
        Limits = then.Limits with
        {
            Budgets = [.. then.Limits.Budgets.Select(old => now.Limits.Budgets.FirstOrDefault(one => one.Window == old.Window) ?? new(old.Window, null, null))],
        },
    };

    private static SpendAsk Ask(Flight flight, Deployment[] plan)
    {
        var (signals, outline) = (flight.Signals!, flight.Outline!);
        var input = (signals.InputTokens * (100L + MarginPercent)) / 100;
        var ceiling = default(PriceCeiling);
        long most = 0;
        long searches = 0;

        // Of what is to be embedded only the provider knows whether it is audio.
        var audio = (signals.Media & (MediaKind.Audio | MediaKind.Video)) != MediaKind.None || (signals.Operation == Operation.Embeddings && outline.MediaCount > 0);
        foreach (var deployment in plan)
        {
            most = Math.Max(most, deployment.MaxOutputTokens ?? UnknownOutputLimit);
            if (deployment.Price is { } price)
            {
                ceiling = PriceCeiling.Max(ceiling, PriceCeiling.Of(price, input, audio, outline.ServiceTier, outline.InferenceGeo));
                searches = Math.Max(searches, Searches(flight, deployment));
            }
        }

        var choices = Math.Max(1, signals.Choices);
        return new()
        {
            IsAside = LedgerEntry.IsBeside(flight.Call.Endpoint),
            InputTokens = input,
            InputNanoUsd = (long)Math.Ceiling(Math.Min(long.MaxValue / 4, (input * ceiling.InputNanoUsdPerToken) + (searches * choices * ceiling.SearchNanoUsd))),
            OutputNanoUsdPerToken = ceiling.OutputNanoUsdPerToken * choices,
            AskedOutputTokens = Asked(flight, input) is { } asked ? Math.Clamp(asked, 0, most) : null,
            MaxOutputTokens = most,
            ExpectedOutputTokens = signals.ExpectedOutputTokens + signals.ExpectedReasoningTokens,
        };
    }

    // No format has another's words for a limit of searches: a model that is asked in another one searches as it likes.
    private static long Searches(Flight flight, Deployment deployment) => flight.Outline!.WebSearches is > 0 and < WebSearch.AssumedUses
        && flight.Snapshot.Bindings.Find(deployment.Provider)?.Speaks(flight.Call.Format, deployment) == false ? WebSearch.AssumedUses : flight.Outline.WebSearches;

    // Vectors are no output; a compaction is not longer than what it is made of; a prompt to be completed gets 16 tokens unless
    // it asks for more: platform.openai.com/docs/api-reference/completions
    private static long? Asked(Flight flight, long input) => flight.Call.Format switch
    {
        { Below: not null } => input,
        { Operation: Operation.Embeddings } => 0,
        { OwnCallersOnly: true } => flight.Outline!.MaxOutputTokens ?? 16,
        _ => flight.Outline!.MaxOutputTokens,
    };

    private static (long NanoUsd, long Tokens) Used(List<Attempt> attempts)
    {
        var sums = LedgerSums.Of(attempts);
        return (sums.CostNanoUsd, sums.InputTokens + sums.OutputTokens);
    }

    private static GatewayError Refused(SpendRefusal refusal)
    {
        var whose = $"{EnumNames<AccountKind>.Of(refusal.Account.Kind)} '{refusal.Account.Name}'";
        if (refusal.Budget is not { } budget)
        {
            var (limit, unit) = refusal.Limit == SpendLimit.RequestsPerMinute
                ? (refusal.Account.Limits.RequestsPerMinute!.Value, "requests")
                : (refusal.Account.Limits.TokensPerMinute!.Value, "tokens");
            return new(
                GatewayErrorKind.RateLimited,
                string.Create(CultureInfo.InvariantCulture, $"The {whose} may use {limit} {unit} per minute, and has {refusal.Left} left; this request needs {refusal.Needed}. Wait, or ask an administrator for more."),
                429,
                Code: "rate_limit_exceeded",
                RetryAfter: refusal.RetryAfter);
        }

        var window = budget.Window == SpendWindow.Total ? "" : $" per {EnumNames<SpendWindow>.Of(budget.Window)}";
        var full = refusal.RetryAfter is { } after ? $" It is full again in {Round(after)}." : "";
        return new(
            GatewayErrorKind.BudgetExceeded,
            refusal.Limit == SpendLimit.Money
                ? string.Create(CultureInfo.InvariantCulture, $"The budget of the {whose}{window}, {Usd(budget.NanoUsd!.Value)}, has {Usd(refusal.Left)} left; this request may cost {Usd(refusal.Needed)}.{full} Ask an administrator for more, or for less output.")
                : string.Create(CultureInfo.InvariantCulture, $"The budget of the {whose}{window}, {budget.Tokens} tokens, has {refusal.Left} left; this request may use {refusal.Needed}.{full} Ask an administrator for more, or for less output."),
            402,
            Code: "insufficient_quota",
            RetryAfter: refusal.RetryAfter);
    }

    private static string Usd(long nanoUsd) => string.Create(CultureInfo.InvariantCulture, $"{NanoUsd.ToUsd(nanoUsd) / 1.000000000m} USD");

    private static string Round(TimeSpan after) => after.TotalHours >= 48
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(after.TotalDays)} days")
        : after.TotalMinutes >= 120
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(after.TotalHours)} hours")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(after.TotalMinutes)} minutes");
}
