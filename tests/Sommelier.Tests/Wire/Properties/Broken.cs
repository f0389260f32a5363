using System.Text;
using Sommelier.Tests.Fuzzing;

namespace Sommelier.Tests.Wire.Properties;

/// <summary>Readers of the formats that no fuzzer targets yet, on bytes that <see cref="Mutation"/> broke.</summary>
internal static class Broken
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SOMMELIER_LONG") is "1" ? 200_000 : 2_000;

    /// <summary>Gives each copy to a reader; it must be read or refused. Same seed, same input: a failure names the bytes.</summary>
    public static void Try(IEnumerable<byte[]> samples, Action<byte[]> read)
    {
        var seeds = samples.ToArray();
#pragma warning disable RS0030 // The seed is fixed: the same input in every run.
        var random = new Random(7);
#pragma warning restore RS0030
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Mutation.Break(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random);
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
}
