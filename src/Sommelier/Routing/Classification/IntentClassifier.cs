using System.Runtime.CompilerServices;
using Sommelier.Canonical;

namespace Sommelier.Routing.Classification;

/// <summary>Tells what kind of work a request asks for, locally, in microseconds, in any language.</summary>
/// <remarks>
/// Safe for any number of threads at once; allocates nothing, but for the scores of a system prompt that it has not read lately. How good it is, on what, and how it was trained:
/// docs/classifier.md.
/// </remarks>
internal sealed class IntentClassifier(ClassifierWeights weights)
{
    private static readonly Lazy<IntentClassifier> LazyShared = new(() => new IntentClassifier(ClassifierWeights.LoadShared()));

    private readonly ClassifierWeights _weights = weights;
    private readonly SeenTexts _systems = new();

    /// <summary>The classifier with the weights that ship, loaded on first use (about 30 ms, 4 MiB).</summary>
    public static IntentClassifier Shared => LazyShared.Value;

    /// <summary>Writes the probability of each intent, in the order of <see cref="Intent"/>, and says the most likely.</summary>
    /// <param name="input">The request's texts and circumstances.</param>
    /// <param name="probabilities">At least <see cref="Intents.Count"/> long.</param>
    [SkipLocalsInit]
    public IntentPrediction Classify(in ClassifierInput input, Span<float> probabilities)
    {
        if (probabilities.Length < Intents.Count)
        {
            throw new ArgumentException($"Needs room for {Intents.Count} probabilities.", nameof(probabilities));
        }

        Span<int> buckets = stackalloc int[FeatureSet.MaxBuckets];
        Span<ulong> seen = stackalloc ulong[FeatureSet.SeenWords];
        Span<float> dense = stackalloc float[DenseFeatures.Count];
        var features = new FeatureSet(buckets, seen, dense);
        var scores = probabilities[..Intents.Count];
        var lastWeight = ScoreTurns(input, ref features, scores);
        if (!input.System.IsEmpty)
        {
            AddSystem(input.System, ref features, scores);
        }

        var temperature = _weights.Temperatures.For(input, lastWeight);
        foreach (ref var score in scores)
        {
            score /= temperature;
        }

        ContextPriors.Add(input, scores);
        // What the biases and the circumstances make of no text at all is no evidence.
        var blank = input.LastUserTurn.IsWhiteSpace() && input.PreviousUserTurn.IsWhiteSpace() && input.PreviousAssistantTurn.IsWhiteSpace();
        return Decide(scores, lastWeight, blank);
    }

    private float ScoreTurns(in ClassifierInput input, ref FeatureSet features, Span<float> scores)
    {
        TextFeatures.Read(input.LastUserTurn, ref features);
        LinearScorer.Score(_weights, features, scores);
        var shares = TurnShares.Of(input, features.Dense);
        if (shares.Last < 1)
        {
            foreach (ref var score in scores)
            {
                score *= shares.Last;
            }

            AddScaled(input.PreviousUserTurn, shares.PreviousUser, ref features, scores);
            AddScaled(TurnShares.EndOf(input.PreviousAssistantTurn), shares.PreviousAssistant, ref features, scores);
        }

        return shares.Last;
    }

    [SkipLocalsInit]
    private void AddSystem(ReadOnlySpan<char> text, ref FeatureSet features, Span<float> scores)
    {
        Span<float> own = stackalloc float[Intents.Count];
        var key = _systems.Key(text);
        if (!_systems.TryFind(key, own))
        {
            Score(text, ref features, own);
            _systems.Keep(key, own);
        }

        for (var i = 0; i < own.Length; i++)
        {
            scores[i] += TurnShares.System * (own[i] - _weights.Bias[i]);
        }
    }

    [SkipLocalsInit]
    private void AddScaled(ReadOnlySpan<char> text, float factor, ref FeatureSet features, Span<float> scores)
    {
        if (factor <= 0)
        {
            return;
        }

        Span<float> own = stackalloc float[Intents.Count];
        Score(text, ref features, own);
        for (var i = 0; i < own.Length; i++)
        {
            scores[i] += factor * own[i];
        }
    }

    private void Score(ReadOnlySpan<char> text, scoped ref FeatureSet features, scoped Span<float> scores)
    {
        features.Clear();
        TextFeatures.Read(text, ref features);
        LinearScorer.Score(_weights, features, scores);
    }

    private IntentPrediction Decide(Span<float> scores, float lastWeight, bool blank)
    {
        Probabilities(scores, temperature: 1);
        Span<float> groups = stackalloc float[7];
        groups.Clear();
        var top = 0;
        var topGroup = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            groups[(int)((Intent)i).Group()] += scores[i];
            top = scores[i] > scores[top] ? i : top;
        }

        for (var i = 1; i < groups.Length; i++)
        {
            topGroup = groups[i] > groups[topGroup] ? i : topGroup;
        }

        return new IntentPrediction
        {
            Top = (Intent)top,
            Confidence = scores[top],
            Abstained = blank || scores[top] < _weights.AbstainBelow,
            Group = (IntentGroup)topGroup,
            GroupConfidence = Math.Min(1, groups[topGroup]),
            LastTurnWeight = lastWeight,
        };
    }

    /// <summary>The soft maximum of scores at a temperature, in place.</summary>
    internal static void Probabilities(Span<float> scores, float temperature)
    {
        var max = scores[0];
        foreach (var score in scores)
        {
            max = Math.Max(max, score);
        }

        var total = 0f;
        foreach (ref var score in scores)
        {
            score = MathF.Exp((score - max) / temperature);
            total += score;
        }

        foreach (ref var score in scores)
        {
            score /= total;
        }
    }
}
