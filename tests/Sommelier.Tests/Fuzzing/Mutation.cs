using System.Text;

namespace Sommelier.Tests.Fuzzing;

/// <summary>Breaks good bytes a little, as a broken network, a hostile caller or a hand-written client would.</summary>
internal static class Mutation
{
    private static readonly byte[][] Tokens =
    [
        .. ((string[])["\"", "{", "}", "[", "]", ",", ":", "null", "true", "0", "-1", "1e999", "99999999999999999999", "\\u0000", "\\ud800", "\"\"", "{}", "[]", "\n\n", "data: ", "event: ", "\r", "[DONE]"]).Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0], [0, 0, 0, 16], [0x7f, 0xff, 0xff, 0xff],
    ];

    /// <summary>A broken copy of good bytes, with pieces of other good ones in it.</summary>
    public static byte[] Break(byte[] good, byte[] other, Random random)
    {
        var bytes = new List<byte>(good);
        for (var times = random.Next(1, 5); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    var from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(length, other.Length - from)).ToArray());
                    break;
                default:
                    Replace(bytes, random);
                    break;
            }
        }

        return [.. bytes];
    }

    // A whole JSON value of another type in the place of one: what hand-written clients get wrong.
    private static void Replace(List<byte> bytes, Random random)
    {
        var colons = Enumerable.Range(0, bytes.Count).Where(at => bytes[at] == ':').ToArray();
        if (colons.Length == 0)
        {
            return;
        }

        var start = colons[random.Next(colons.Length)] + 1;
        var end = start;
        while (end < bytes.Count && bytes[end] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)'\n'))
        {
            end++;
        }

        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Encoding.UTF8.GetBytes(((string[])["null", "7", "-1.5", "\"x\"", "[]", "{}", "[[]]", "true"])[random.Next(8)]));
    }
}
