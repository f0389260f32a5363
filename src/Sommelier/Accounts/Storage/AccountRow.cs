using System.Data.Common;
using Sommelier.Canonical;
using Sommelier.Storage;

namespace Sommelier.Accounts.Storage;

/// <summary>An account as a row, in the order of the columns in <see cref="AccountSql"/>.</summary>
internal static class AccountRow
{
    /// <summary>The statement that stores an account.</summary>
    public static DbCommand Put(DbConnection connection, Account account)
    {
        var key = account as KeyAccount;
        return connection.Command(
            AccountSql.Put,
            ("@id", account.Id),
            ("@kind", EnumNames<AccountKind>.Of(account.Kind)),
            ("@name", account.Name),
            ("@parent", account.ParentId),
            ("@rpm", (long?)account.Limits.RequestsPerMinute),
            ("@tpm", account.Limits.TokensPerMinute),
            ("@created", account.CreatedAt.ToUnixTimeMilliseconds()),
            ("@closed", account.ClosedAt?.ToUnixTimeMilliseconds()),
            ("@hash", key?.Hash.ToArray()),
            ("@prefix", key?.Prefix),
            ("@role", key is null ? null : EnumNames<KeyRole>.Of(key.Role)),
            ("@expires", key?.ExpiresAt?.ToUnixTimeMilliseconds()),
            ("@models", Lines(key?.Models)),
            ("@policies", Lines(key?.Policies)),
            ("@scopes", Lines(key?.Scopes)),
            ("@bodies", key?.NoBodies == true ? 1L : 0L));
    }

    /// <summary>Reads a row.</summary>
    /// <exception cref="InvalidDataException">A later version wrote a kind or a role that is not known here.</exception>
    public static Account Read(DbDataReader row, IReadOnlyList<Budget> budgets)
    {
        var id = row.GetString(0);
        var kind = Known<AccountKind>(row.GetString(1), id);
        var limits = new AccountLimits
        {
            Budgets = budgets,
            RequestsPerMinute = (int?)row.NumberOrNull(4),
            TokensPerMinute = row.NumberOrNull(5),
        };
        var created = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6));
        return kind != AccountKind.Key
            ? new Account
            {
                Id = id, Kind = kind, Name = row.GetString(2), ParentId = row.TextOrNull(3), Limits = limits, CreatedAt = created, ClosedAt = row.TimeOrNull(7),
            }
            : new KeyAccount
            {
                Id = id,
                Kind = kind,
                Name = row.GetString(2),
                ParentId = row.TextOrNull(3),
                Limits = limits,
                CreatedAt = created,
                ClosedAt = row.TimeOrNull(7),
                Hash = (byte[])row.GetValue(8),
                Prefix = row.GetString(9),
                Role = Known<KeyRole>(row.GetString(10), id),
                ExpiresAt = row.TimeOrNull(11),
                Models = List(row.GetString(12)),
                Policies = List(row.GetString(13)),
                Scopes = List(row.GetString(14)),
                NoBodies = row.GetInt64(15) != 0,
            };
    }

    private static T Known<T>(string name, string id)
        where T : struct, Enum => EnumNames<T>.Parse(name)
            ?? throw new InvalidDataException($"The account {id} has the {typeof(T).Name} '{name}', which this Sommelier does not know. Run the newer Sommelier.");

    private static string Lines(IReadOnlyList<string>? list) => list is null ? "" : string.Join('\n', list);

    private static string[] List(string lines) => lines.Length == 0 ? [] : lines.Split('\n');
}
