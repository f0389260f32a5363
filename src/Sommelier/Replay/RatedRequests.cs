using System.Runtime.InteropServices;
using Sommelier.Routing;
using Sommelier.Statistics.OffPolicy;

namespace Sommelier.Replay;

/// <summary>Requests whose answers somebody rated: what they say of the policy that served them and of another one.</summary>
/// <remarks>
/// Only where a split or exploration drew, another model could have answered, and its chance is known: these are weighed by it. Where
/// nothing was drawn a rating says nothing of another model. Answers of a fallback are nobody's choice and are left out.
/// 48 bytes a rated request.
/// </remarks>
internal sealed class RatedRequests
{
    private readonly List<LoggedChoice> choices = [];
    private readonly List<int> groups = [];
    private readonly ConversationSums logged = new();
    private int same;

    /// <summary>Adds the rating of an answer that was the logged policy's own choice.</summary>
    /// <param name="group">See <see cref="ConversationSums.GroupOf"/>.</param>
    /// <param name="reward">0 to 1.</param>
    /// <param name="record">What was decided.</param>
    /// <param name="decision">What the other policy decides.</param>
    public void Add(int group, double reward, RouteRecord record, RouteDecision decision)
    {
        var first = record.First!;
        logged.Add(group, reward);
        same += decision.Plan.Count > 0 && string.Equals(decision.Plan[0].Deployment.Id, first, StringComparison.Ordinal) ? 1 : 0;
        if (record.Propensity < 1)
        {
            choices.Add(new(record.Propensity, ChanceOf(first, record, decision), reward, BelievedQuality.Of(decision, first) ?? 0, BelievedQuality.Expected(decision)));
            groups.Add(group);
        }
    }

    /// <summary>What they say.</summary>
    public RatedQuality Result()
    {
        var count = (int)logged.Weight;
        var result = new RatedQuality { Rated = count, Same = same, Drawn = choices.Count, Logged = logged.Ratio, LoggedInterval = logged.Interval() };
        if (count > 0 && same == count)
        {
            return result with { Replayed = logged.Ratio };
        }

        if (choices.Count == 0)
        {
            return result;
        }

        var all = CollectionsMarshal.AsSpan(choices);
        var estimate = OffPolicyEstimate.Of(all);
        result = result with { EffectiveSampleSize = estimate.EffectiveSampleSize, ClippedShare = estimate.ClippedShare };
        if (estimate.Refused)
        {
            return result;
        }

        var weights = ImportanceWeights.Of(all).Weights;
        var (drawn, snips, robust) = (new ConversationSums(), new ConversationSums(), new ConversationSums());
        for (var i = 0; i < weights.Length; i++)
        {
            var choice = choices[i];
            drawn.Add(groups[i], choice.Reward);
            snips.Add(groups[i], weights[i] * choice.Reward, weights[i]);
            robust.Add(groups[i], choice.PredictedValue + (weights[i] * (choice.Reward - choice.PredictedReward)));
        }

        return result with
        {
            LoggedDrawn = drawn.Ratio,
            Snips = snips.Ratio,
            SnipsInterval = snips.Interval(),
            DoublyRobust = robust.Ratio,
            DoublyRobustInterval = robust.Interval(),
        };
    }

    // An arm of a split serves whole conversations, so only its own ratings speak for the policy in it. The record knows that one arm:
    // under another policy the chance of the same pair of arm and model is nought.
    private static double ChanceOf(string first, RouteRecord record, RouteDecision decision)
    {
        var chance = decision.ChanceOf(first);
        if (record.Query.Choice.Arm is null)
        {
            return chance;
        }

        return string.Equals(record.Query.Policy.Version, decision.Query.Policy.Version, StringComparison.Ordinal) ? chance * decision.Query.Choice.Share : 0;
    }
}

/// <summary>What ratings say of two policies; null where they do not suffice.</summary>
internal sealed record RatedQuality
{
    /// <summary>Rated answers that were the logged policy's own choice.</summary>
    public required int Rated { get; init; }

    /// <summary>Of them, those that the other policy would have left to the same model.</summary>
    public required int Same { get; init; }

    /// <summary>Of them, those for which a split or exploration drew.</summary>
    public required int Drawn { get; init; }

    /// <summary>Mean rating of all, 0 to 1.</summary>
    public double? Logged { get; init; }

    /// <summary>Its 95 % interval.</summary>
    public Statistics.Intervals.Interval? LoggedInterval { get; init; }

    /// <summary>Mean rating under the other policy where every rated answer stays the same: the same ratings.</summary>
    public double? Replayed { get; init; }

    /// <summary>Mean rating of those that were drawn: what the estimates are to be held against.</summary>
    public double? LoggedDrawn { get; init; }

    /// <summary>Self-normalised inverse propensity, of those that were drawn.</summary>
    public double? Snips { get; init; }

    /// <summary>Its 95 % interval.</summary>
    public Statistics.Intervals.Interval? SnipsInterval { get; init; }

    /// <summary>Doubly robust, with the quality table as the model of ratings.</summary>
    public double? DoublyRobust { get; init; }

    /// <summary>Its 95 % interval.</summary>
    public Statistics.Intervals.Interval? DoublyRobustInterval { get; init; }

    /// <summary>How many requests of the other policy's own the drawn ones are worth.</summary>
    public double EffectiveSampleSize { get; init; }

    /// <summary>The share of drawn ones whose weight was cut.</summary>
    public double ClippedShare { get; init; }

    /// <summary>Whether the ratings say something of the other policy.</summary>
    public bool Suffices => Replayed is not null || Snips is not null;

    /// <summary>About how many drawn and rated requests would suffice; null when none of those that there are counts.</summary>
    public int? Needed => Suffices || EffectiveSampleSize <= 0 ? null
        : (int)Math.Ceiling(Drawn * OffPolicyEstimate.LeastEffectiveSampleSize / EffectiveSampleSize);
}
