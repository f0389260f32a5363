using Sommelier.Routing;
using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Replay;

/// <summary>A sum and a count per conversation, for the interval of their ratio: turns of one conversation are not independent.</summary>
/// <remarks>
/// Conversations are put together by their hash into at most <see cref="Groups"/> groups, which are as independent as they are: memory
/// does not grow with the log. The interval is the percentile bootstrap over groups, see <see cref="Bootstrap"/>.
/// </remarks>
internal sealed class ConversationSums
{
    /// <summary>The most groups.</summary>
    public const int Groups = 4_096;

    /// <summary>Below this many groups a percentile interval is too narrow, so none is given.</summary>
    public const int LeastGroups = 20;

    private const ulong Seed = 1;

    private readonly double[] sums = new double[Groups];
    private readonly double[] weights = new double[Groups];

    /// <summary>Sum of all.</summary>
    public double Sum { get; private set; }

    /// <summary>Weight of all: how many, where each counts once.</summary>
    public double Weight { get; private set; }

    /// <summary>Sum by weight; null where nothing was added.</summary>
    public double? Ratio => Weight > 0 ? Sum / Weight : null;

    /// <summary>The group of a conversation, or of a request that belongs to none.</summary>
    public static int GroupOf(string conversation)
    {
        var hash = new StableHash();
        hash.Add(conversation.AsSpan());
        return (int)(hash.Value % Groups);
    }

    /// <summary>Adds a value.</summary>
    public void Add(int group, double value, double weight = 1)
    {
        sums[group] += value;
        weights[group] += weight;
        Sum += value;
        Weight += weight;
    }

    /// <summary>The 95 % interval of the ratio; null with too few groups.</summary>
    public Interval? Interval()
    {
        var used = Enumerable.Range(0, Groups).Where(group => weights[group] > 0).ToArray();
        if (used.Length < LeastGroups)
        {
            return null;
        }

        var ratios = new double[Bootstrap.DefaultRounds];
        Bootstrap.Figures(
            used.Length,
            drawn =>
            {
                double sum = 0, weight = 0;
                foreach (var at in drawn)
                {
                    sum += sums[used[at]];
                    weight += weights[used[at]];
                }

                return sum / weight;
            },
            new SeededRandom(Seed),
            ratios);
        return Bootstrap.Percentile(ratios);
    }
}
