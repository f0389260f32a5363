using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>Reads rows' features with the engine's own readers and shares: what serving sees is what training saw.</summary>
internal sealed class RowReader
{
    private readonly int[] _buckets = new int[FeatureSet.MaxBuckets];
    private readonly ulong[] _seen = new ulong[FeatureSet.SeenWords];
    private readonly float[] _dense = new float[DenseFeatures.Count];

    public static void ReadAll(List<Row> rows)
    {
        var reader = new RowReader();
        foreach (var row in rows)
        {
            row.Parts = reader.Read(row.Input());
        }
    }

    private List<TextPart> Read(in ClassifierInput input)
    {
        var last = Part(input.LastUserTurn, 1);
        var shares = TurnShares.Of(input, _dense);
        var parts = new List<TextPart> { last with { Share = shares.Last } };
        if (shares.PreviousUser > 0)
        {
            parts.Add(Part(input.PreviousUserTurn, shares.PreviousUser));
        }

        if (shares.PreviousAssistant > 0)
        {
            parts.Add(Part(TurnShares.EndOf(input.PreviousAssistantTurn), shares.PreviousAssistant));
        }

        if (!input.System.IsEmpty)
        {
            parts.Add(Part(input.System, TurnShares.System));
        }

        return parts;
    }

    private TextPart Part(ReadOnlySpan<char> text, float share)
    {
        var features = new FeatureSet(_buckets, _seen, _dense);
        TextFeatures.Read(text, ref features);
        return new(features.Buckets.ToArray(), [.. Enumerable.Range(0, _dense.Length).Where(i => _dense[i] != 0)], share);
    }
}
