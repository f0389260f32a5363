using System.Security.Cryptography;
using System.Text;
using Sommelier.Accounts;

namespace Sommelier.Gateway;

/// <summary>The keys that callers may show, as hashes: who dumps the process's settings does not get them.</summary>
internal sealed class CallerKeys
{
    private readonly byte[][] hashes;
    private readonly string[] ids;

    private CallerKeys(byte[][] hashes)
    {
        this.hashes = hashes;
        ids = Array.ConvertAll(hashes, hash => "key-" + Convert.ToHexStringLower(hash.AsSpan(0, 8)));
    }

    /// <summary>No keys: loopback only, and whatever a client shows is accepted.</summary>
    public static CallerKeys None { get; } = new([]);

    /// <summary>Whether there are no keys.</summary>
    public bool IsEmpty => hashes.Length == 0;

    /// <summary>What stands for each key in logs, the ledger and what is kept for its caller: the first 64 bits of its hash, so that no two meet.</summary>
    public IReadOnlyList<string> Ids => ids;

    /// <summary>Hashes keys that are given in clear; a key that is given twice counts once.</summary>
    public static CallerKeys Of(IEnumerable<string> keys) =>
        new([.. keys.Distinct(StringComparer.Ordinal).Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key)))]);

    /// <summary>The id of the key that a caller shows; null when it is none of ours.</summary>
    /// <remarks>Every hash is compared to its last byte, so the time taken tells nothing about how near a guess is.</remarks>
    public string? Find(ReadOnlySpan<char> shown)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeySecret.Hash(shown, hash);
        string? found = null;
        for (var i = 0; i < hashes.Length; i++)
        {
            if (CryptographicOperations.FixedTimeEquals(hashes[i], hash))
            {
                found = ids[i];
            }
        }

        return found;
    }
}
