using Sommelier.Canaries;
using Sommelier.Routing;
using Sommelier.Statistics.Chance;

namespace Sommelier.Tests.Canaries;

/// <summary>The watch over seeded traffic: it finds what is worse, and leaves alone what is not.</summary>
public sealed class CanaryTallyTests
{
    private const double Share = 0.1;

    [Theory]
    [InlineData(0.4, 0.02)]
    [InlineData(0.25, 0.02)]
    [InlineData(0.5, 0.2)]
    public void A_canary_that_fails_more_is_rolled_back(double canary, double stable)
    {
        var verdicts = Runs(50, 10_000, new(canary), new(stable));

        Assert.All(verdicts, verdict => Assert.True(verdict is { Reason: CanaryReason.ErrorRate or CanaryReason.FirstRequests }));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.03, 0.03)]
    [InlineData(0.3, 0.3)]
    [InlineData(0.06, 0.02)]
    public void A_canary_within_its_limits_is_left_alone_in_95_of_100_runs(double canary, double stable)
    {
        var verdicts = Runs(200, 5_000, new(canary), new(stable));

        Assert.InRange(verdicts.Count(verdict => verdict is not null), 0, 10);
    }

    [Fact]
    public void A_slow_one_and_a_dear_one_are_rolled_back_for_that()
    {
        Assert.All(Runs(50, 10_000, new(0.01, Slower: 2.5), new(0.01)), verdict => Assert.Equal(CanaryReason.Latency, verdict?.Reason));
        Assert.All(Runs(50, 10_000, new(0.01, Dearer: 4), new(0.01)), verdict => Assert.Equal(CanaryReason.Cost, verdict?.Reason));

        // Within 1.5 and 2 times.
        Assert.InRange(Runs(200, 5_000, new(0.01, Slower: 1.4, Dearer: 1.9), new(0.01)).Count(verdict => verdict is not null), 0, 10);
    }

    [Fact]
    public void One_whose_first_requests_fail_is_rolled_back_at_once_and_it_is_said_once()
    {
        var tally = new CanaryTally(Settings());
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(tally.Add(CanaryArm.Stable, new(Failed: false)));
            Assert.Null(tally.Add(CanaryArm.Canary, new(Failed: true)));
        }

        Assert.Equal(new CanaryVerdict(CanaryReason.FirstRequests, "11 of its first 11 requests failed, of the policy's own 0 of 10"), tally.Add(CanaryArm.Canary, new(Failed: true)));
        Assert.Null(tally.Add(CanaryArm.Canary, new(Failed: true)));
    }

    [Fact]
    public void It_is_not_blamed_for_a_failure_of_everything()
    {
        var tally = new CanaryTally(Settings());
        for (var i = 0; i < 400; i++)
        {
            Assert.Null(tally.Add(CanaryArm.Stable, new(Failed: true)));
            Assert.Null(tally.Add(CanaryArm.Canary, new(Failed: true)));
        }
    }

    [Fact]
    public void Time_and_cost_wait_for_their_number_of_requests()
    {
        var tally = new CanaryTally(Settings() with { MinRequests = 300 });
        for (var i = 0; i < 299; i++)
        {
            Assert.Null(tally.Add(CanaryArm.Stable, new(false, TimeSpan.FromMilliseconds(300 + (i % 10)))));
            Assert.Null(tally.Add(CanaryArm.Canary, new(false, TimeSpan.FromMilliseconds(3_000 + (i % 10)))));
        }

        Assert.Equal(CanaryReason.Latency, tally.Add(CanaryArm.Canary, new(false, TimeSpan.FromSeconds(3)))?.Reason);
        var (stable, canary) = tally.Figures();
        Assert.Equal((299, 300, 0), (stable.Requests, canary.Requests, canary.Failures));
        Assert.Equal(304, stable.FirstContentMs!.Value, 1.0);
        Assert.Null(canary.CostUsd);
    }

    internal static CanarySettings Settings() => new() { To = "a/new", Share = Share, Then = Policies.Balanced };

    private static CanaryVerdict?[] Runs(int runs, int requests, Arm canary, Arm stable) =>
        [.. Enumerable.Range(0, runs).Select(seed => Run((ulong)seed, requests, canary, stable))];

    private static CanaryVerdict? Run(ulong seed, int requests, Arm canary, Arm stable)
    {
        var tally = new CanaryTally(Settings());
        var random = new SeededRandom(seed);
        for (var i = 0; i < requests; i++)
        {
            var (arm, way) = random.NextDouble() < Share ? (canary, CanaryArm.Canary) : (stable, CanaryArm.Stable);
            var failed = random.NextDouble() < arm.Failing;

            // Times and costs spread by a factor of two to three, as those of real traffic do.
            var outcome = failed
                ? new CanaryOutcome(true)
                : new(false, TimeSpan.FromMilliseconds(400 * arm.Slower * Math.Exp(0.6 * random.NextNormal())), (long)(2e6 * arm.Dearer * Math.Exp(random.NextNormal())));
            if (tally.Add(way, outcome) is { } verdict)
            {
                return verdict;
            }
        }

        return null;
    }

    private readonly record struct Arm(double Failing, double Slower = 1, double Dearer = 1);
}
