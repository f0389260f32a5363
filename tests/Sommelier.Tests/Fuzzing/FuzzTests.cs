using System.Text;

namespace Sommelier.Tests.Fuzzing;

/// <summary>
/// No input crashes a reader, and no cut of a stream changes what it says: broken copies of good bytes are read by everything
/// that reads, and each is read or refused.
/// </summary>
/// <remarks>
/// About a minute in <c>./test</c>; <c>SOMMELIER_LONG=1</c> takes twenty times as many rounds, <c>SOMMELIER_SEED=n</c> others
/// than the usual ones. Same seed, same input: a failure names seed and bytes. <c>tests/Sommelier.Fuzz</c> feeds the same
/// targets for hours.
/// </remarks>
public sealed class FuzzTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SOMMELIER_LONG") is "1" ? 600_000 : 30_000;

    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("SOMMELIER_SEED"), out var seed) ? seed : 7;

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_input_crashes_a_reader(string name)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {Seed}");
        var target = FuzzTarget.Of(name);
        var seeds = target.Seeds().ToArray();
        var random = new Random(Seed);
        foreach (var good in seeds)
        {
            Try(target, good, "a seed");
        }

        for (var round = 0; round < Rounds; round++)
        {
            Try(target, Mutation.Break(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random), $"round {round}");
        }
    }

    private static void Try(FuzzTarget target, byte[] bytes, string which)
    {
        try
        {
            target.Run(bytes);
        }
        catch (Exception crash)
        {
            Assert.Fail($"{target}, seed {Seed}, {which}: {crash}\n{Encoding.Latin1.GetString(bytes)}\n{Convert.ToBase64String(bytes)}");
        }
    }
}
