using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Upstream.Simulation;

/// <summary>Invented vectors of length one: the same text has the same one in every run, and texts that are alike are no nearer than others.</summary>
internal static class SimulatedVectors
{
    private const int UsualDimensions = 256;

    /// <summary>A vector for each input.</summary>
    public static IReadOnlyList<EmbeddingVector> Of(EmbeddingAsk ask)
    {
        var vectors = new List<EmbeddingVector>();
        foreach (var text in ask.Inputs)
        {
            vectors.Add(new(vectors.Count, Vector(System.Text.Encoding.UTF8.GetBytes(text), ask.Dimensions ?? UsualDimensions)));
        }

        foreach (var ids in ask.TokenInputs)
        {
            vectors.Add(new(vectors.Count, Vector([.. ids.SelectMany(BitConverter.GetBytes)], ask.Dimensions ?? UsualDimensions)));
        }

        return vectors;
    }

    private static float[] Vector(byte[] input, int dimensions)
    {
        var hash = default(StableHash);
        hash.Add(input);
        var random = new Random(unchecked((int)hash.Value));
        var vector = new float[dimensions];
        var square = 0.0;
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)((random.NextDouble() * 2) - 1);
            square += vector[i] * vector[i];
        }

        var length = (float)Math.Sqrt(Math.Max(square, float.Epsilon));
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] /= length;
        }

        return vector;
    }
}
