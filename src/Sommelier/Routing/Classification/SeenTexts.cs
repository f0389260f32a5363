using System.Security.Cryptography;
using Sommelier.Canonical;

namespace Sommelier.Routing.Classification;

/// <summary>What system prompts scored that were read lately: an application sends the same one with every request, and it is often its longest text.</summary>
/// <remarks>
/// Kept under a hash of 64 bits with a seed of this process, never as text; the scores are those that reading it again gives. A text
/// replaces what stands in its place. Safe for any number of threads at once: an entry is written whole.
/// </remarks>
internal sealed class SeenTexts
{
    private const int Places = 256;

    private readonly Entry?[] entries = new Entry?[Places];
    private readonly ulong seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>The name of a text here.</summary>
    public ulong Key(ReadOnlySpan<char> text)
    {
        var hash = new StableHash();
        hash.Add(seed);
        hash.Add(text);
        return hash.Value;
    }

    /// <summary>Whether a text's scores are known; then they are written.</summary>
    public bool TryFind(ulong key, Span<float> scores)
    {
        if (Volatile.Read(ref entries[key % Places]) is not { } entry || entry.Key != key)
        {
            return false;
        }

        entry.Scores.CopyTo(scores);
        return true;
    }

    /// <summary>Keeps a text's scores. Allocates the entry.</summary>
    public void Keep(ulong key, ReadOnlySpan<float> scores) => Volatile.Write(ref entries[key % Places], new(key, scores[..Intents.Count].ToArray()));

    private sealed record Entry(ulong Key, float[] Scores);
}
