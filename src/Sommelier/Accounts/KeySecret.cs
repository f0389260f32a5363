using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sommelier.Accounts;

/// <summary>Makes keys and hashes them.</summary>
internal static class KeySecret
{
    /// <summary>What every key of ours begins with, so that scanners of repositories can find a leaked one.</summary>
    public const string Start = "smlr_";

    private const int RandomBytes = 32;
    private const int ShownCharacters = 6;

    /// <summary>A new key, in clear. It is shown once and kept nowhere.</summary>
    public static string Create() => Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What may be shown of a key: its beginning, 36 of 256 random bits.</summary>
    public static string PrefixOf(string key) => key[..Math.Min(key.Length, Start.Length + ShownCharacters)];

    /// <summary>The SHA-256 of a key that somebody shows.</summary>
    /// <param name="shown">The key, in clear.</param>
    /// <param name="hash">Takes the 32 bytes.</param>
    public static void Hash(ReadOnlySpan<char> shown, Span<byte> hash)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(shown.Length));
        var length = Encoding.UTF8.GetBytes(shown, rented);
        SHA256.HashData(rented.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);
    }
}
