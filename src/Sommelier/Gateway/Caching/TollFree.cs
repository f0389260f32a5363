using System.Buffers;

namespace Sommelier.Gateway.Caching;

/// <summary>A stream tells its cost to callers that asked for it; told again from the cache it has cost nothing.</summary>
internal static class TollFree
{
    // As every writer of streams writes it. In a text the quotes would be escaped.
    private static ReadOnlySpan<byte> Cost => "\"sommelier\":{\"cost_usd\":"u8;

    /// <summary>A copy of a stream in which every cost is 0.</summary>
    public static byte[] Copy(ReadOnlySpan<byte> stream)
    {
        var copy = new ArrayBufferWriter<byte>(stream.Length);
        while (stream.IndexOf(Cost) is var at and >= 0)
        {
            var number = at + Cost.Length;
            copy.Write(stream[..number]);
            copy.Write("0"u8);
            stream = stream[number..];
            stream = stream[Math.Max(0, stream.IndexOf((byte)'}'))..];
        }

        copy.Write(stream);
        return copy.WrittenSpan.ToArray();
    }
}
