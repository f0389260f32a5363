using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Sommelier.Accounts;

/// <summary>Every account as of one moment, for look-ups on the request path. Immutable; a change makes a new one.</summary>
internal sealed class AccountDirectory
{
    private readonly FrozenDictionary<long, KnownKey> keys;
    private readonly FrozenDictionary<string, Account> accounts;

    private AccountDirectory(FrozenDictionary<long, KnownKey> keys, FrozenDictionary<string, Account> accounts)
    {
        (this.keys, this.accounts) = (keys, accounts);
        HasCallers = keys.Values.Any(known => known.Key.Role == KeyRole.Caller);
    }

    /// <summary>No account.</summary>
    public static AccountDirectory Empty { get; } = Of([]);

    /// <summary>Whether callers have keys, revoked ones included: revoking the last one must not open the gateway.</summary>
    public bool HasCallers { get; }

    /// <summary>Every account.</summary>
    public IReadOnlyCollection<Account> All => accounts.Values;

    /// <summary>Puts accounts in their places. An account above that is not among them counts as none.</summary>
    public static AccountDirectory Of(IEnumerable<Account> all)
    {
        var byId = all.ToFrozenDictionary(account => account.Id, StringComparer.Ordinal);
        Account? Above(Account? account) => account?.ParentId is { } id ? byId.GetValueOrDefault(id) : null;
        var keys = new Dictionary<long, KnownKey>();
        foreach (var key in byId.Values.OfType<KeyAccount>())
        {
            // A key may stand right below its organisation.
            var above = Above(key);
            var team = above?.Kind == AccountKind.Team ? above : null;
            keys.Add(Head(key.Hash.Span), new(key, team, team is null ? above : Above(team)));
        }

        return new(keys.ToFrozenDictionary(), byId);
    }

    /// <summary>The account of an id, or null.</summary>
    public Account? Find(string id) => accounts.GetValueOrDefault(id);

    /// <summary>The key that somebody shows, closed and expired ones included; null when it is none of ours.</summary>
    /// <remarks>
    /// What is looked up is the first eight bytes of the hash, of which a guess tells nothing about the key; the rest is
    /// compared in constant time.
    /// </remarks>
    public KnownKey? FindKey(ReadOnlySpan<char> shown)
    {
        if (keys.Count == 0)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeySecret.Hash(shown, hash);
        return keys.TryGetValue(Head(hash), out var known) && CryptographicOperations.FixedTimeEquals(known.Key.Hash.Span, hash) ? known : null;
    }

    private static long Head(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadInt64LittleEndian(hash);
}
