using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Ledger;
using StackExchange.Redis;

namespace Sommelier.Accounts.Spending.Shared;

/// <summary>One use of <see cref="SpendScripts.Reserve"/>: what it is given, and what its answers mean.</summary>
/// <param name="Instance">Who holds.</param>
/// <param name="Payers">Who pays.</param>
/// <param name="Ask">What the request may use.</param>
/// <param name="Began">When it began: the budgets' windows.</param>
/// <param name="At">When it goes on: the minute of the limits.</param>
internal sealed record ReserveCall(string Instance, IReadOnlyList<Account> Payers, SpendAsk Ask, DateTimeOffset Began, DateTimeOffset At)
{
    /// <summary>The key of a window.</summary>
    public static string KeyOf(Account account, SpendWindow window, DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"{SpendScripts.Prefix}w:{account.Id}:{EnumNames<SpendWindow>.Of(window)}:{window.StartMs(at)}");

    /// <summary>Every budget of some accounts with the key of its window.</summary>
    public static IEnumerable<(Budget Budget, string Key)> Budgets(IReadOnlyList<Account> payers, DateTimeOffset at) =>
        payers.SelectMany(account => account.Limits.Budgets.Select(budget => (budget, KeyOf(account, budget.Window, at))));

    /// <summary>How long a window is kept, 0 for ever: somewhat longer than it lasts, so that late ends of its requests find it.</summary>
    public static long SecondsToLive(SpendWindow window) => window switch
    {
        SpendWindow.Hour => 2 * 3_600,
        SpendWindow.Day => 2 * 86_400,
        SpendWindow.Month => 33 * 86_400,
        _ => 0,
    };

    /// <summary>What the script is given.</summary>
    public RedisValue[] Arguments()
    {
        List<RedisValue> arguments =
        [
            Instance, SpendScripts.Lease, At.ToUnixTimeMilliseconds(), Ask.InputTokens, Ask.InputNanoUsd, Ask.OutputNanoUsdPerToken.ToString(CultureInfo.InvariantCulture),
            Ask.AskedOutputTokens ?? -1, Ask.MaxOutputTokens, Ask.ExpectedOutputTokens, ISpendGate.LeastOutputTokens, Ask.IsAside ? 0 : 1, Payers.Count,
        ];
        foreach (var account in Payers)
        {
            arguments.AddRange([account.Id, account.Limits.RequestsPerMinute ?? -1, account.Limits.TokensPerMinute ?? -1, account.Limits.Budgets.Count]);
            foreach (var budget in account.Limits.Budgets)
            {
                arguments.AddRange([KeyOf(account, budget.Window, Began), budget.NanoUsd ?? -1, budget.Tokens ?? -1, SecondsToLive(budget.Window)]);
            }
        }

        return [.. arguments];
    }

    /// <summary>What is held.</summary>
    public SpendHold Hold(RedisValue[] answer)
    {
        var output = (long)answer[1];
        return new()
        {
            Accounts = Payers,
            At = Began,
            TakenAt = At,
            NanoUsd = (long)answer[2],
            Tokens = (long)answer[3],
            MinuteTokens = (long)answer[4],
            Minute = Minute(answer),
            OutputCap = Ask.AskedOutputTokens is null && output < Ask.MaxOutputTokens ? output : null,
        };
    }

    /// <summary>Of each window its key and what is spent and held of it now, this request included.</summary>
    public IEnumerable<(string Key, long NanoUsd, long Tokens)> Seen(RedisValue[] answer)
    {
        var at = 5;
        foreach (var (_, key) in Budgets(Payers, Began))
        {
            yield return (key, (long)answer[at], (long)answer[at + 1]);
            at += 2;
        }
    }

    /// <summary>Why not.</summary>
    public SpendRefusal Refusal(RedisValue[] answer)
    {
        var account = Payers[(int)answer[1]];
        if (string.Equals(answer[0], "rate", StringComparison.Ordinal))
        {
            var requests = string.Equals(answer[2], "r", StringComparison.Ordinal);
            var limit = requests ? account.Limits.RequestsPerMinute!.Value : account.Limits.TokensPerMinute!.Value;
            var minute = MinuteMeter.Allowance((long)answer[3], (long)answer[4], At.ToUnixTimeMilliseconds(), limit);
            return new(
                account,
                requests ? SpendLimit.RequestsPerMinute : SpendLimit.TokensPerMinute,
                null,
                Math.Max(0, (long)answer[5]),
                (long)answer[6],
                MinuteMeter.RoomIn((long)answer[3], (long)answer[4], At.ToUnixTimeMilliseconds(), limit, (long)answer[6]),
                requests ? new(minute, null) : new(null, minute));
        }

        var budget = account.Limits.Budgets[(int)answer[2]];
        return new(
            account,
            string.Equals(answer[0], "money", StringComparison.Ordinal) ? SpendLimit.Money : SpendLimit.Tokens,
            budget,
            Math.Max(0, (long)answer[3]),
            (long)answer[4],
            budget.Window.End(Began) - Began);
    }

    // Behind the budgets, in the order of the accounts; of each one requests before tokens.
    private MinuteAllowances Minute(RedisValue[] answer)
    {
        var minute = default(MinuteAllowances);
        var at = 5 + (2 * Payers.Sum(static account => account.Limits.Budgets.Count));
        foreach (var account in Payers)
        {
            if (account.Limits.RequestsPerMinute is { } requests)
            {
                minute = minute.With(requests: true, Next(requests));
            }

            if (account.Limits.TokensPerMinute is { } tokens)
            {
                minute = minute.With(requests: false, Next(tokens));
            }
        }

        return minute;

        MinuteAllowance Next(long limit) => MinuteMeter.Allowance((long)answer[at++], (long)answer[at++], At.ToUnixTimeMilliseconds(), limit);
    }
}
