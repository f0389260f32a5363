using Sommelier.Statistics.Chance;
using Sommelier.Statistics.OffPolicy;

namespace Sommelier.Tests.Statistics;

public sealed class OffPolicyTests
{
    [Fact]
    public void A_policy_that_logs_its_own_choices_earns_their_mean()
    {
        LoggedChoice[] log = [.. Enumerable.Range(0, 100).Select(i => new LoggedChoice(0.4, 0.4, i % 4 == 0 ? 1 : 0))];
        var estimate = OffPolicyEstimate.Of(log);
        Assert.Equal((100.0, 0.0, false), (estimate.EffectiveSampleSize, estimate.ClippedShare, estimate.Refused));
        Assert.Equal(0.25, estimate.Ips!.Mean, 12);
        Assert.Equal(0.25, estimate.Snips!.Mean, 12);
        Assert.Equal(0.25, estimate.DoublyRobust!.Mean, 12);
        Assert.Equal(Math.Sqrt(0.25 * 0.75 / 100), estimate.Snips.StandardError, 12);
    }

    [Fact]
    public void The_four_are_their_formulas()
    {
        // 40 requests with weight 2, 40 with 0.5, 20 with 0.
        LoggedChoice[] log =
        [
            .. Enumerable.Repeat(new LoggedChoice(0.25, 0.5, 0.9, 0.8, 0.7), 40),
            .. Enumerable.Repeat(new LoggedChoice(0.5, 0.25, 0.1, 0.3, 0.6), 40),
            .. Enumerable.Repeat(new LoggedChoice(0.25, 0, 0.5, 0.5, 0.2), 20),
        ];
        var estimate = OffPolicyEstimate.Of(log);
        Assert.Equal(((40 * 2 * 0.9) + (40 * 0.5 * 0.1)) / 100, estimate.Ips!.Mean, 12);
        Assert.Equal(((40 * 2 * 0.9) + (40 * 0.5 * 0.1)) / 100 / 1, estimate.Snips!.Mean, 12);
        Assert.Equal(((40 * 0.7) + (40 * 0.6) + (20 * 0.2)) / 100, estimate.DirectMethod!.Mean, 12);
        Assert.Equal(((40 * (0.7 + (2 * 0.1))) + (40 * (0.6 - (0.5 * 0.2))) + (20 * 0.2)) / 100, estimate.DoublyRobust!.Mean, 12);
        Assert.Equal(100.0 * 100 / ((40 * 4) + (40 * 0.25)), estimate.EffectiveSampleSize, 9);

        // Cut at one, the weights sum to 60.
        var cut = OffPolicyEstimate.Of(log, 1);
        Assert.Equal(0.4, cut.ClippedShare, 12);
        Assert.Equal((36 + 2) / 60.0, cut.Snips!.Mean, 12);
        Assert.Equal((36 + 2) / 100.0, cut.Ips!.Mean, 12);
    }

    [Fact]
    public void A_log_that_says_too_little_is_refused()
    {
        var estimate = OffPolicyEstimate.Of([.. Enumerable.Repeat(new LoggedChoice(0.5, 1, 1), 29), .. Enumerable.Repeat(new LoggedChoice(0.5, 0, 1), 971)]);
        Assert.True(estimate.Refused);
        Assert.Equal(29, estimate.EffectiveSampleSize, 9);
        Assert.True(estimate is { Ips: null, Snips: null, DirectMethod: null, DoublyRobust: null });
        Assert.True(OffPolicyEstimate.Of([new(0.5, 0, 1)]).Refused);
        Assert.Contains("Choice 1", Assert.Throws<ArgumentException>(() => OffPolicyEstimate.Of([new(0.5, 0.5, 1), new(0, 0.5, 1)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_policy_would_have_earned_is_found_and_a_wrong_model_of_rewards_is_forgiven()
    {
        // Eight choices, reward 0.1 a step; the log takes the first but for one time in five, the policy in question the last.
        var random = new SeededRandom(6);
        var log = new LoggedChoice[20_000];
        foreach (ref var entry in log.AsSpan())
        {
            var choice = random.NextDouble() < 0.2 ? random.Next(8) : 0;
            var propensity = (choice == 0 ? 0.8 : 0) + 0.025;
            entry = new(propensity, choice == 7 ? 1 : 0, random.NextDouble() < 0.1 * (choice + 1) ? 1 : 0, 0.3, 0.3);
        }

        var estimate = OffPolicyEstimate.Of(log);
        Assert.All([estimate.Ips!, estimate.Snips!, estimate.DoublyRobust!], e => Assert.InRange(0.8 - e.Mean, -3 * e.StandardError, 3 * e.StandardError));
        Assert.Equal(0.3, estimate.DirectMethod!.Mean, 9);
        Assert.True(estimate.Snips!.StandardError < estimate.Ips!.StandardError);
        Assert.Equal(log.Count(c => c.TargetProbability > 0), estimate.EffectiveSampleSize, 6);
    }
}
