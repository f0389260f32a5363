using System.Runtime.InteropServices;
using Sommelier.Ledger;
using Sommelier.Routing;

namespace Sommelier.Replay;

/// <summary>Adds up replayed requests, in a space that does not grow with their number but by what was rated.</summary>
/// <param name="medians">How long each deployment's answers took in the window.</param>
internal sealed class ReplayTally(IReadOnlyDictionary<string, DurationHistogram> medians)
{
    /// <summary>The least answers of a deployment in the window from which its latency is told.</summary>
    public const int LeastAnswers = 5;

    private const int MostChanges = 10;

    private readonly int[] undecided = new int[Enum.GetValues<UndecidedReason>().Length];
    private readonly Dictionary<(string From, string To), (int Requests, long Difference)> changes = [];
    private readonly HashSet<int> groups = [];
    private readonly ConversationSums cost = new();
    private readonly RatedRequests rated = new();
    private readonly PairedMeans believed = new();
    private readonly PairedMeans latency = new();
    private int requests, same, changed;
    private long logged, exact, estimated, loggedUndecided;

    /// <summary>Adds a request that no decision is known of.</summary>
    public void Add(LedgerEntry entry, UndecidedReason why)
    {
        requests++;
        undecided[(int)why]++;
        loggedUndecided = checked(loggedUndecided + LedgerSums.Of(entry.Attempts).CostNanoUsd);
    }

    /// <summary>Adds a request.</summary>
    /// <param name="entry">What happened.</param>
    /// <param name="record">What was decided.</param>
    /// <param name="decision">What the other policy decides.</param>
    /// <param name="reward">How the answer was rated, 0 to 1; null when it was not.</param>
    /// <param name="priced">The same request at other prices than those of its moment; null: at those.</param>
    public void Add(LedgerEntry entry, RouteRecord record, RouteDecision decision, double? reward, LedgerEntry? priced = null)
    {
        var one = Counterfactual.Of(priced ?? entry, record.First, decision) with { Logged = LedgerSums.Of(entry.Attempts).CostNanoUsd };
        if (one.Why is { } why)
        {
            Add(entry, why);
            return;
        }

        requests++;
        var group = ConversationSums.GroupOf(entry.ConversationId ?? entry.RequestId);
        groups.Add(group);
        AddCost(group, one);
        if (one is not { From: { } from, To: { } to })
        {
            return;
        }

        if (BelievedQuality.Of(decision, from) is { } before && BelievedQuality.Of(decision, to) is { } after)
        {
            believed.Add(group, before, after);
        }

        var took = entry.Duration.TotalMilliseconds;
        if (one.Same)
        {
            latency.Add(group, took, took);
        }
        else if (medians.TryGetValue(to, out var answers) && answers.Count >= LeastAnswers)
        {
            latency.Add(group, took, answers.MedianMs());
        }

        if (reward is { } score && entry.Outcome == LedgerOutcome.Succeeded && string.Equals(from, record.First, StringComparison.Ordinal))
        {
            rated.Add(group, score, record, decision);
        }
    }

    /// <summary>What they come to.</summary>
    public ReplayReport Report(Policy policy, DateTimeOffset? since, DateTimeOffset? until) => new()
    {
        Policy = policy,
        Since = since,
        Until = until,
        Requests = requests,
        Same = same,
        Changed = changed,
        Undecided = [.. undecided.Select((count, why) => KeyValuePair.Create((UndecidedReason)why, count)).Where(pair => pair.Value > 0)],
        Groups = groups.Count,
        Cost = new(logged, exact, estimated, loggedUndecided, cost.Interval()),
        Rated = rated.Result(),
        Believed = believed.Result(),
        Latency = latency.Result(),
        Changes =
        [
            .. changes.Select(pair => new ReplayedChange(pair.Key.From, pair.Key.To, pair.Value.Requests, pair.Value.Difference))
                .OrderByDescending(change => Math.Abs(change.Difference)).ThenByDescending(change => change.Requests)
                .ThenBy(change => change.From, StringComparer.Ordinal).ThenBy(change => change.To, StringComparer.Ordinal)
                .Take(MostChanges),
        ],
    };

    private void AddCost(int group, ReplayedRequest one)
    {
        var difference = one.Replayed - one.Logged;
        cost.Add(group, difference);
        checked
        {
            logged += one.Logged;
            if (one.Same)
            {
                same++;
                exact += one.Replayed;
                return;
            }

            changed++;
            estimated += one.Replayed;
            ref var change = ref CollectionsMarshal.GetValueRefOrAddDefault(changes, (one.From!, one.To!), out _);
            change = (change.Requests + 1, change.Difference + difference);
        }
    }
}
