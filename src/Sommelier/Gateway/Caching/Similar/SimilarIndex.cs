using System.Numerics;
using System.Runtime.InteropServices;

namespace Sommelier.Gateway.Caching.Similar;

/// <summary>Which answers were given to which turns, by the turns' vectors. In this process's memory, and bounded: the oldest go first.</summary>
/// <remarks>Only turns of one frame are compared (<see cref="SimilarTurn.Frame"/>), so no tenant's can meet another's. Safe for use by many threads at once.</remarks>
/// <param name="maxBytes">The most that all vectors may weigh.</param>
/// <param name="time">The clock.</param>
internal sealed class SimilarIndex(long maxBytes, TimeProvider time)
{
    /// <summary>How much is kept where nobody says: 32 MiB, some 5,000 vectors of 1,536 numbers.</summary>
    public const long DefaultMaxBytes = 32 * 1024 * 1024;

    /// <summary>The most turns of one frame: each look passes over all of them.</summary>
    public const int MostInFrame = 1_000;

    // What a turn weighs beside its vector, where it is the only one of its frame.
    private const int Overhead = 400;

    private readonly Lock gate = new();
    private readonly Dictionary<AnswerKey, List<LinkedListNode<Entry>>> frames = [];
    private readonly LinkedList<Entry> byAge = new();
    private long bytes;

    /// <summary>How many turns are kept.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return byAge.Count;
            }
        }
    }

    /// <summary>The key of the answer to the turn that is nearest to another; null when none is near enough.</summary>
    /// <param name="turn">The other.</param>
    /// <param name="atLeast">The least cosine.</param>
    public SimilarAnswer? Nearest(SimilarTurn turn, double atLeast)
    {
        SimilarAnswer? best = null;
        var now = time.GetUtcNow();
        foreach (var entry in InFrame(turn.Frame))
        {
            if (entry.Until > now && Dot(entry.Vector, turn.Vector) is var cosine && cosine >= (best?.Cosine ?? atLeast))
            {
                best = new(entry.Answer, cosine);
            }
        }

        return best;
    }

    /// <summary>Notes which answer was given to a turn.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="answer">The key of the answer.</param>
    /// <param name="until">When the answer ends.</param>
    public void Keep(SimilarTurn turn, AnswerKey answer, DateTimeOffset until)
    {
        lock (gate)
        {
            ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(frames, turn.Frame, out _);
            kept ??= [];
            if (kept.Find(node => node.Value.Answer == answer) is { } same)
            {
                byAge.Remove(same);
                bytes -= Weight(same.Value);
                kept.Remove(same);
            }

            kept.Add(byAge.AddLast(new Entry(turn.Frame, answer, turn.Vector, until)));
            bytes += Weight(byAge.Last!.Value);
            if (kept.Count > MostInFrame)
            {
                Remove(kept[0]);
            }

            var now = time.GetUtcNow();
            while (byAge.First is { } oldest && (bytes > maxBytes || oldest.Value.Until <= now))
            {
                Remove(oldest);
            }
        }
    }

    // A copy, so that nobody waits while another compares.
    private Entry[] InFrame(AnswerKey frame)
    {
        lock (gate)
        {
            return frames.TryGetValue(frame, out var kept) ? [.. kept.Select(static node => node.Value)] : [];
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        byAge.Remove(node);
        bytes -= Weight(node.Value);
        var kept = frames[node.Value.Frame];
        kept.Remove(node);
        if (kept.Count == 0)
        {
            frames.Remove(node.Value.Frame);
        }
    }

    private static long Weight(Entry entry) => Overhead + ((long)entry.Vector.Length * sizeof(float));

    // Of vectors of length one it is the cosine.
    private static double Dot(float[] left, float[] right)
    {
        if (left.Length != right.Length)
        {
            return -1;
        }

        var sums = Vector<float>.Zero;
        var at = 0;
        for (; at <= left.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            sums += new Vector<float>(left, at) * new Vector<float>(right, at);
        }

        var sum = Vector.Sum(sums);
        for (; at < left.Length; at++)
        {
            sum += left[at] * right[at];
        }

        return Math.Min(sum, 1);
    }

    private sealed record Entry(AnswerKey Frame, AnswerKey Answer, float[] Vector, DateTimeOffset Until);
}

/// <summary>The answer to a turn that is near.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Cosine">How near.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SimilarAnswer(AnswerKey Key, double Cosine);
