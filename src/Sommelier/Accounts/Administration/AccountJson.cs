using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;

namespace Sommelier.Accounts.Administration;

/// <summary>An account as JSON: in the admin API, on the command line and in the audit log. Never with a key's hash.</summary>
internal static class AccountJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole account as one object.</summary>
    public static string Text(Account account) => Text(json => Members(json, account));

    /// <summary>An object as text.</summary>
    public static string Text(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>The members of the account's object.</summary>
    public static void Members(Utf8JsonWriter json, Account account)
    {
        json.WriteString("id", account.Id);
        json.WriteString("kind", EnumNames<AccountKind>.Of(account.Kind));
        json.WriteString("name", account.Name);
        if (account.Kind != AccountKind.Organisation)
        {
            json.WriteString(account.Kind == AccountKind.Team ? "organisation_id" : "parent_id", account.ParentId);
        }

        json.WriteStartArray("budgets");
        foreach (var budget in account.Limits.Budgets)
        {
            json.WriteStartObject();
            json.WriteString("window", EnumNames<SpendWindow>.Of(budget.Window));
            if (budget.NanoUsd is { } money)
            {
                json.WriteNumber("usd", Plain(money));
            }

            if (budget.Tokens is { } tokens)
            {
                json.WriteNumber("tokens", tokens);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        Number(json, "requests_per_minute", account.Limits.RequestsPerMinute);
        Number(json, "tokens_per_minute", account.Limits.TokensPerMinute);
        Time(json, "created_at", account.CreatedAt);
        Time(json, "closed_at", account.ClosedAt);
        if (account is KeyAccount key)
        {
            json.WriteString("prefix", key.Prefix);
            json.WriteString("role", EnumNames<KeyRole>.Of(key.Role));
            Time(json, "expires_at", key.ExpiresAt);
            List(json, "models", key.Models);
            List(json, "policies", key.Policies);
            List(json, "scopes", key.Scopes);
            json.WriteBoolean("no_bodies", key.NoBodies);
        }
    }

    /// <summary>What was spent in a window.</summary>
    public static void Spend(Utf8JsonWriter json, SpendWindow window, SpendTotal total)
    {
        json.WriteStartObject(EnumNames<SpendWindow>.Of(window));
        json.WriteNumber("usd", Plain(total.CostNanoUsd));
        json.WriteNumber("estimated_usd", Plain(total.EstimatedCostNanoUsd));
        json.WriteNumber("tokens", total.Tokens);
        json.WriteNumber("requests", total.Requests);
        json.WriteEndObject();
    }

    // A decimal keeps trailing zeroes; dividing by one drops them.
    private static decimal Plain(long nanoUsd) => NanoUsd.ToUsd(nanoUsd) / 1.000000000m;

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? at) =>
        json.WriteString(name, at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    private static void List(Utf8JsonWriter json, string name, IReadOnlyList<string> list)
    {
        json.WriteStartArray(name);
        foreach (var item in list)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }
}
