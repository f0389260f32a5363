using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sommelier.Upstream.Media;

/// <summary>Which addresses belong to the public internet: a caller must not make the gateway look around in its own network.</summary>
/// <remarks>Source: IANA's registries of special-purpose IPv4 and IPv6 addresses (RFC 6890 and its updates).</remarks>
internal static class PublicAddress
{
    // 168.63.129.16 is a public address by its number, and Azure's own host inside Azure.
    private static readonly (uint Network, int Bits)[] Special =
    [
        (0x00000000, 8), (0x0A000000, 8), (0x64400000, 10), (0x7F000000, 8), (0xA9FE0000, 16), (0xAC100000, 12),
        (0xC0000000, 24), (0xC0000200, 24), (0xC0586300, 24), (0xC0A80000, 16), (0xC6120000, 15), (0xC6336400, 24),
        (0xCB007100, 24), (0xE0000000, 4), (0xF0000000, 4), (0xA83F8110, 32),
    ];

    /// <summary>Whether an address is public in whatever form it is written.</summary>
    public static bool Is(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var length)
            && (address.AddressFamily == AddressFamily.InterNetwork ? IsPublic4(bytes[..length]) : IsPublic6(bytes[..length]));
    }

    private static bool IsPublic4(ReadOnlySpan<byte> bytes)
    {
        var number = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        foreach (var (network, bits) in Special)
        {
            if ((number ^ network) >> (32 - bits) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPublic6(ReadOnlySpan<byte> bytes)
    {
        // ::ffff:a.b.c.d, and 64:ff9b::a.b.c.d of networks that reach IPv4 by translation: what counts is the address inside.
        if (bytes[..12].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff])
            || bytes[..12].SequenceEqual((ReadOnlySpan<byte>)[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]))
        {
            return IsPublic4(bytes[12..]);
        }

        // Only 2000::/3 is given out. Without 2001::/23 (Teredo and other protocols), documentation and 6to4.
        var (first, second) = (BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        return first >> 13 == 1
            && !(first == 0x2001 && second < 0x0200)
            && !(first == 0x2001 && second == 0x0db8)
            && first != 0x2002
            && !(first == 0x3fff && second < 0x1000);
    }
}
