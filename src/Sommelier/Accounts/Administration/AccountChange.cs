using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;

namespace Sommelier.Accounts.Administration;

/// <summary>Reads a change of an account from JSON: what is named is set, null clears it, the rest stays.</summary>
internal static class AccountChange
{
    /// <summary>The account with the change made.</summary>
    /// <param name="account">As it is, or an empty new one.</param>
    /// <param name="body">An object in the form of <see cref="AccountJson"/>.</param>
    /// <exception cref="AccountException">A field is unknown or of the wrong form.</exception>
    public static Account Apply(Account account, JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new AccountException(null, "The body must be a JSON object.");
        }

        foreach (var member in body.EnumerateObject())
        {
            account = (member.Name, account) switch
            {
                ("name", _) => account with { Name = Text(member) ?? "" },
                ("organisation_id", { Kind: AccountKind.Team }) or ("parent_id", { Kind: AccountKind.Key }) => account with { ParentId = Text(member) },
                ("budgets", _) => account with { Limits = account.Limits with { Budgets = Budgets(member) } },
                ("requests_per_minute", _) => account with { Limits = account.Limits with { RequestsPerMinute = (int?)Whole(member, int.MaxValue) } },
                ("tokens_per_minute", _) => account with { Limits = account.Limits with { TokensPerMinute = Whole(member, long.MaxValue) } },
                ("role", KeyAccount key) => key with { Role = Word<KeyRole>(member) },
                ("expires_at", KeyAccount key) => key with { ExpiresAt = Time(member) },
                ("models", KeyAccount key) => key with { Models = Texts(member) },
                ("policies", KeyAccount key) => key with { Policies = Texts(member) },
                ("scopes", KeyAccount key) => key with { Scopes = Texts(member) },
                ("no_bodies", KeyAccount key) => key with { NoBodies = Flag(member) },
                _ => throw new AccountException(member.Name, $"{EnumNames<AccountKind>.Of(account.Kind)} has no field '{(member.Name.Length <= 80 ? member.Name : member.Name[..80])}' that can be set."),
            };
        }

        return account;
    }

    private static Budget[] Budgets(JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (member.Value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(member, "a list of budgets, e.g. [{\"window\":\"month\",\"usd\":100}]");
        }

        return [.. member.Value.EnumerateArray().Select(Budget)];
    }

    private static Budget Budget(JsonElement budget)
    {
        if (budget.ValueKind != JsonValueKind.Object)
        {
            throw new AccountException("budgets", "A budget is an object, e.g. {\"window\":\"month\",\"usd\":100}.");
        }

        SpendWindow? window = null;
        long? money = null;
        long? tokens = null;
        foreach (var member in budget.EnumerateObject())
        {
            switch (member.Name)
            {
                case "window":
                    window = Word<SpendWindow>(member);
                    break;
                case "usd":
                    money = Money(member);
                    break;
                case "tokens":
                    tokens = Whole(member, long.MaxValue);
                    break;
                default:
                    throw new AccountException("budgets", "A budget has the fields window, usd and tokens.");
            }
        }

        return new(window ?? throw new AccountException("budgets", $"A budget needs a window: {Words<SpendWindow>()}."), money, tokens);
    }

    private static long? Money(JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        try
        {
            return member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDecimal(out var usd) ? NanoUsd.FromUsd(usd) : throw Wrong(member, "an amount in USD");
        }
        catch (OverflowException)
        {
            throw Wrong(member, "an amount below 9.2 billion USD");
        }
    }

    private static long? Whole(JsonProperty member, long most) => member.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when member.Value.TryGetInt64(out var number) && number <= most => number,
        _ => throw Wrong(member, "a whole number"),
    };

    private static string? Text(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => member.Value.GetString(),
        _ => throw Wrong(member, "a text"),
    };

    private static string[] Texts(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array when member.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. member.Value.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw Wrong(member, "a list of texts"),
    };

    private static bool Flag(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Wrong(member, "true or false"),
    };

    private static T Word<T>(JsonProperty member)
        where T : struct, Enum =>
        (member.Value.ValueKind == JsonValueKind.String ? EnumNames<T>.Parse(member.Value.GetString()) : null) ?? throw Wrong(member, $"one of {Words<T>()}");

    private static string Words<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(EnumNames<T>.Of));

    private static DateTimeOffset? Time(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when DateTimeOffset.TryParse(
            member.Value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) => at,
        _ => throw Wrong(member, "a moment, e.g. 2027-01-31T00:00:00Z"),
    };

    private static AccountException Wrong(JsonProperty member, string wanted) => new(member.Name, $"{member.Name} must be {wanted}.");
}
