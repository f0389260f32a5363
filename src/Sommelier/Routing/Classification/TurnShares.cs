using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sommelier.Routing.Classification;

/// <summary>How much of the answer each turn gives; the three sum to one. Serving and training share it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TurnShares(float Last, float PreviousUser, float PreviousAssistant)
{
    /// <summary>What the system prompt counts beside them.</summary>
    public const float System = 0.35f;

    /// <summary>Of the share of earlier turns, the assistant's part: more when it ends by asking, as in "shall I translate it?".</summary>
    private const float Assistant = 0.15f;

    private const float AskingAssistant = 0.5f;

    /// <summary>Of an assistant's turn only the end is read: what it offers or asks stands there.</summary>
    private const int AssistantTail = 320;

    /// <summary>Earlier turns below this share cannot change the answer and are not read.</summary>
    private const float WorthReading = 0.05f;

    /// <summary>Shares of a request's turns.</summary>
    /// <param name="input">The texts.</param>
    /// <param name="lastSignals">The dense signals of the last user turn: a turn that names a task stands by itself.</param>
    public static TurnShares Of(in ClassifierInput input, ReadOnlySpan<float> lastSignals)
    {
        var noUser = input.PreviousUserTurn.IsWhiteSpace();
        var noAssistant = input.PreviousAssistantTurn.IsWhiteSpace();
        if (noUser && noAssistant)
        {
            return new(1, 0, 0);
        }

        var last = FollowUp.Weight(input.LastUserTurn, NamesTask(lastSignals));
        var rest = 1 - last;
        if (rest < WorthReading)
        {
            return new(1, 0, 0);
        }

        var asks = input.PreviousAssistantTurn.TrimEnd() is [.., '?' or '？' or '؟'];
        var assistant = noAssistant ? 0 : noUser ? 1 : asks ? AskingAssistant : Assistant;
        return new(last, rest * (1 - assistant), rest * assistant);
    }

    /// <summary>The part of an assistant's turn that is read.</summary>
    public static ReadOnlySpan<char> EndOf(ReadOnlySpan<char> assistantTurn) =>
        assistantTurn[Math.Max(0, assistantTurn.Length - AssistantTail)..];

    /// <summary>Whether a turn asks for a task by itself, as "translate it" does.</summary>
    [SkipLocalsInit]
    public static bool NamesTask(ReadOnlySpan<char> turn)
    {
        Span<int> buckets = stackalloc int[FeatureSet.MaxBuckets];
        Span<ulong> seen = stackalloc ulong[FeatureSet.SeenWords];
        Span<float> dense = stackalloc float[DenseFeatures.Count];
        var features = new FeatureSet(buckets, seen, dense);
        TextFeatures.Read(turn, ref features);
        return NamesTask(features.Dense);
    }

    private static bool NamesTask(ReadOnlySpan<float> dense)
    {
        var lexicon = CueLexicon.Shared;
        for (var i = 0; i < lexicon.Names.Count; i++)
        {
            if (lexicon.IsTask(i) && DenseFeatures.HasCue(dense, i))
            {
                return true;
            }
        }

        return false;
    }
}
