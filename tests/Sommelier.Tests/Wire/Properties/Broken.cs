using System.Text;

namespace Sommelier.Tests.Wire.Properties;

/// <summary>Broken copies of good bytes: cut, repeated, mixed, with bits turned and values of another type.</summary>
internal static class Broken
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SOMMELIER_LONG") is "1" ? 200_000 : 2_000;

    private static readonly byte[][] Tokens =
    [
        .. ((string[])["\"", "{", "}", "[", "]", ",", ":", "null", "true", "0", "-1", "1e999", "99999999999999999999", "\\u0000", "\\ud800", "\"\"", "{}", "[]", "\n\n", "data: ", "event: ", "\r", "[DONE]"]).Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0], [0, 0, 0, 16], [0x7f, 0xff, 0xff, 0xff],
    ];

    /// <summary>Gives each copy to a reader; it must be read or refused. Same seed, same input: a failure names the bytes.</summary>
    public static void Try(IEnumerable<byte[]> samples, Action<byte[]> read)
    {
        var seeds = samples.ToArray();
#pragma warning disable RS0030 // The seed is fixed: the same input in every run.
        var random = new Random(7);
#pragma warning restore RS0030
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Copy(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random);
            try
            {
                read(bytes);
            }
            catch (Exception refusal) when (refusal is Sommelier.Wire.WireException or Sommelier.Wire.UpstreamException)
            {
                // Read or refused.
            }
            catch (Exception crash)
            {
                Assert.Fail($"round {round}: {crash}\n{Encoding.Latin1.GetString(bytes)}\n{Convert.ToBase64String(bytes)}");
            }
        }
    }

    private static byte[] Copy(byte[] good, byte[] other, Random random)
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
