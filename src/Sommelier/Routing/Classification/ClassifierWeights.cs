using System.IO.Compression;
using System.Runtime.InteropServices;
using Sommelier.Canonical;

namespace Sommelier.Routing.Classification;

/// <summary>The linear model: one row of small integers per n-gram bucket, one row of floats per dense signal.</summary>
/// <remarks>
/// A bucket's row is <see cref="Stride"/> signed bytes: eighteen weights already multiplied by the bucket's inverse document
/// frequency, then that frequency squared, whose sum gives the norm, then padding to one vector. File: magic, then
/// Brotli over version, sizes, lexicon fingerprint, temperatures, threshold, scales, biases, dense rows, and the byte table
/// stored column by column because equal columns compress better.
/// </remarks>
internal sealed class ClassifierWeights
{
    public const int Stride = 32;
    public const int DenseStride = 24;
    public const int NormLane = Intents.Count;
    private const uint Magic = 0x31434953;
    private const int Version = 2;

    public sbyte[] Table { get; } = new sbyte[FeatureHash.BucketCount * Stride];

    public float[] Dense { get; } = new float[DenseFeatures.Count * DenseStride];

    /// <summary>What one step of a weight is worth, per intent; the last is the step of the squared frequency.</summary>
    public float[] Scales { get; } = new float[Intents.Count + 1];

    public float[] Bias { get; } = new float[Intents.Count];

    /// <summary>What divides the scores before the soft maximum.</summary>
    public Temperatures Temperatures { get; init; } = new(1, 1);

    /// <summary>Under this probability the classifier abstains.</summary>
    public float AbstainBelow { get; init; }

    public static ClassifierWeights LoadShared()
    {
        using var stream = ClassifierResources.Open("intent-classifier.bin");
        return Read(stream);
    }

    public static ClassifierWeights Read(Stream stream)
    {
        using var head = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        if (head.ReadUInt32() != Magic)
        {
            throw new InvalidDataException("The classifier's weights file does not start as one.");
        }

        using var reader = new BinaryReader(new BrotliStream(stream, CompressionMode.Decompress, leaveOpen: true));
        Demand(reader.ReadInt32() == Version, "version");
        Demand(reader.ReadInt32() == FeatureHash.BucketBits, "number of buckets");
        Demand(reader.ReadInt32() == DenseFeatures.Count, "number of dense signals");
        Demand(reader.ReadUInt64() == CueLexicon.Shared.Fingerprint, "cue lexicon (cues.txt)");
        var weights = new ClassifierWeights { Temperatures = new(reader.ReadSingle(), reader.ReadSingle()), AbstainBelow = reader.ReadSingle() };
        ReadFloats(reader, weights.Scales);
        ReadFloats(reader, weights.Bias);
        var row = new float[Intents.Count];
        for (var i = 0; i < DenseFeatures.Count; i++)
        {
            ReadFloats(reader, row);
            row.CopyTo(weights.Dense, i * DenseStride);
        }

        var column = new byte[FeatureHash.BucketCount];
        for (var lane = 0; lane <= NormLane; lane++)
        {
            reader.BaseStream.ReadExactly(column);
            for (var i = 0; i < column.Length; i++)
            {
                weights.Table[(i * Stride) + lane] = (sbyte)column[i];
            }
        }

        return weights;
    }

    public void Write(Stream stream)
    {
        using (var head = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            head.Write(Magic);
        }

        using var writer = new BinaryWriter(new BrotliStream(stream, CompressionLevel.SmallestSize, leaveOpen: true));
        writer.Write(Version);
        writer.Write(FeatureHash.BucketBits);
        writer.Write(DenseFeatures.Count);
        writer.Write(CueLexicon.Shared.Fingerprint);
        writer.Write(Temperatures.Plain);
        writer.Write(Temperatures.Marked);
        writer.Write(AbstainBelow);
        writer.Write(MemoryMarshal.AsBytes(Scales.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(Bias.AsSpan()));
        for (var i = 0; i < DenseFeatures.Count; i++)
        {
            writer.Write(MemoryMarshal.AsBytes(Dense.AsSpan(i * DenseStride, Intents.Count)));
        }

        var column = new byte[FeatureHash.BucketCount];
        for (var lane = 0; lane <= NormLane; lane++)
        {
            for (var i = 0; i < column.Length; i++)
            {
                column[i] = (byte)Table[(i * Stride) + lane];
            }

            writer.Write(column);
        }
    }

    private static void ReadFloats(BinaryReader reader, Span<float> target) =>
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(target));

    private static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException(
                $"The classifier's weights were trained with another {what}: run tools/Sommelier.Training again.");
        }
    }
}
