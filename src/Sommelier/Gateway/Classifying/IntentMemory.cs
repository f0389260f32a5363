using System.Security.Cryptography;
using System.Text;
using Sommelier.Canonical;

namespace Sommelier.Gateway.Classifying;

/// <summary>What models have told of turns, each for the caller who sent it. Bounded: beyond <see cref="Capacity"/> the oldest go.</summary>
/// <remarks>Turns are known by a hash with the caller's id in it, so nobody learns by a fast answer what another has asked.</remarks>
internal sealed class IntentMemory
{
    /// <summary>The most turns that are remembered.</summary>
    public const int Capacity = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, (Intent Intent, DateTimeOffset Until)> known = [];
    private readonly Queue<UInt128> order = new();

    /// <summary>How many are remembered.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return known.Count;
            }
        }
    }

    /// <summary>The key of a caller's turn, as a model was asked about it.</summary>
    public static UInt128 Key(string callerId, string model, string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (ReadOnlySpan<string>)[callerId, model, text])
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        return BitConverter.ToUInt128(hash.GetHashAndReset());
    }

    /// <summary>What was told of a turn; null when nothing was, or too long ago.</summary>
    public Intent? Find(UInt128 key, DateTimeOffset now)
    {
        lock (gate)
        {
            return known.TryGetValue(key, out var found) && now < found.Until ? found.Intent : null;
        }
    }

    /// <summary>Notes what was told.</summary>
    public void Keep(UInt128 key, Intent intent, DateTimeOffset until)
    {
        lock (gate)
        {
            if (!known.ContainsKey(key))
            {
                if (known.Count == Capacity)
                {
                    known.Remove(order.Dequeue());
                }

                order.Enqueue(key);
            }

            known[key] = (intent, until);
        }
    }
}
