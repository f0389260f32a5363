using System.Collections.Concurrent;
using Sommelier.Routing;

namespace Sommelier.Gateway;

/// <summary>Who answered each conversation last, so that it can keep its model and the provider's prompt cache.</summary>
/// <remarks>
/// A conversation is one of a caller: the key mixes both, so that no caller sees another's. Bounded: beyond
/// <see cref="Capacity"/> the older half goes. Losing a memory costs a cache read, nothing else.
/// </remarks>
internal sealed class ConversationMemory
{
    /// <summary>The most conversations that are remembered.</summary>
    public const int Capacity = 100_000;

    private readonly ConcurrentDictionary<ulong, PriorChoice> choices = new();
    private readonly Lock trimming = new();
    private int count;

    /// <summary>The key of a caller's conversation.</summary>
    public static ulong Key(string callerId, ulong conversation)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var character in callerId)
        {
            hash = (hash ^ character) * 1_099_511_628_211UL;
        }

        return (hash ^ conversation) * 1_099_511_628_211UL;
    }

    /// <summary>Who answered last, or null.</summary>
    public PriorChoice? Recall(ulong key) => choices.GetValueOrDefault(key);

    /// <summary>Notes who answered.</summary>
    public void Remember(ulong key, PriorChoice choice)
    {
        if (choices.TryAdd(key, choice))
        {
            if (Interlocked.Increment(ref count) > Capacity)
            {
                Trim();
            }
        }
        else
        {
            choices[key] = choice;
        }
    }

    private void Trim()
    {
        if (!trimming.TryEnter())
        {
            return;
        }

        try
        {
            var entries = choices.ToArray();
            Array.Sort(entries, static (left, right) => left.Value.At.CompareTo(right.Value.At));
            foreach (var entry in entries.AsSpan(0, entries.Length / 2))
            {
                if (choices.TryRemove(entry.Key, out _))
                {
                    Interlocked.Decrement(ref count);
                }
            }
        }
        finally
        {
            trimming.Exit();
        }
    }
}
