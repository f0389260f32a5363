using System.IO.Compression;
using System.Runtime.InteropServices;
using Sommelier.Routing.Classification;

namespace Sommelier.Routing.Prediction;

/// <summary>A predictor as a small file: a byte per weight, compressed.</summary>
/// <remarks>
/// Magic, then Brotli over version, number of buckets, lexicon fingerprint, models, tasks (key, means, masses), buckets, their
/// frequencies, dense means, and per model a step and its weights in such steps, column by column.
/// </remarks>
internal static class SuccessPredictorFile
{
    private const uint Magic = 0x31505353;
    private const int Version = 1;
    private const int MostSteps = 127;

    // What a prediction has room for on the stack, and what no outcome file comes near to.
    private const int MostModels = 4_096;
    private const int MostTasks = 1 << 20;

    /// <summary>Writes a predictor; read back, its predictions differ by less than half a hundredth of its largest weight a column.</summary>
    public static void Write(SuccessPredictor predictor, Stream stream)
    {
        using (var head = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            head.Write(Magic);
        }

        using var writer = new BinaryWriter(new BrotliStream(stream, CompressionLevel.SmallestSize, leaveOpen: true));
        writer.Write(Version);
        writer.Write(FeatureHash.BucketBits);
        writer.Write(PromptFeatures.DenseCount);
        writer.Write(CueLexicon.Shared.Fingerprint);
        writer.Write(predictor.Models.Count);
        foreach (var model in predictor.Models)
        {
            writer.Write(model);
        }

        var tasks = predictor.Tasks.Cells.ToList();
        writer.Write(tasks.Count);
        foreach (var (key, cell) in tasks)
        {
            writer.Write(key);
            writer.Write(MemoryMarshal.AsBytes(cell.Means.AsSpan()));
            writer.Write(MemoryMarshal.AsBytes(cell.Masses.AsSpan()));
        }

        writer.Write(predictor.Space is not null);
        if (predictor.Space is { } space)
        {
            WriteText(writer, space, predictor.Weights, predictor.Models.Count);
        }
    }

    /// <summary>Reads a predictor.</summary>
    /// <exception cref="InvalidDataException">It is no such file, is damaged, or was written with other features; train again.</exception>
    /// <exception cref="EndOfStreamException">It is not all there.</exception>
    public static SuccessPredictor Read(Stream stream)
    {
        try
        {
            return ReadAll(stream);
        }
        catch (Exception failure) when (failure is ArgumentException or OverflowException or FormatException or InvalidOperationException or IndexOutOfRangeException or KeyNotFoundException)
        {
            throw new InvalidDataException("The predictor's file is damaged. Train it again.", failure);
        }
    }

    private static SuccessPredictor ReadAll(Stream stream)
    {
        using var head = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        Demand(head.ReadUInt32() == Magic, "beginning");
        using var reader = new BinaryReader(new BrotliStream(stream, CompressionMode.Decompress, leaveOpen: true));
        Demand(reader.ReadInt32() == Version, "version");
        Demand(reader.ReadInt32() == FeatureHash.BucketBits, "number of buckets");
        Demand(reader.ReadInt32() == PromptFeatures.DenseCount, "number of signals");
        Demand(reader.ReadUInt64() == CueLexicon.Shared.Fingerprint, "cue lexicon");
        var models = new string[Count(reader, MostModels)];
        for (var k = 0; k < models.Length; k++)
        {
            models[k] = reader.ReadString();
        }

        var tasks = new KeyValuePair<string, TaskTable.Cell>[Count(reader, MostTasks)];
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = KeyValuePair.Create(reader.ReadString(), new TaskTable.Cell(Doubles(reader, models.Length), Doubles(reader, models.Length)));
        }

        return reader.ReadBoolean() ? ReadText(reader, models, TaskTable.Of(tasks)) : new(models, TaskTable.Of(tasks), null, []);
    }

    private static void WriteText(BinaryWriter writer, FeatureSpace space, float[] weights, int models)
    {
        writer.Write(space.Buckets.Length);
        writer.Write(MemoryMarshal.AsBytes(space.Buckets.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(space.Idf.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(space.DenseMean.AsSpan()));

        // The few dense columns weigh far more than an n-gram; each part has a step of its own.
        foreach (var (from, to) in new[] { (0, space.Buckets.Length), (space.Buckets.Length, space.Width) })
        {
            for (var k = 0; k < models; k++)
            {
                var most = 0f;
                for (var column = from; column < to; column++)
                {
                    most = Math.Max(most, Math.Abs(weights[(column * models) + k]));
                }

                var step = most / MostSteps;
                writer.Write(step);
                for (var column = from; column < to; column++)
                {
                    writer.Write((sbyte)(step > 0 ? MathF.Round(weights[(column * models) + k] / step) : 0));
                }
            }
        }
    }

    private static SuccessPredictor ReadText(BinaryReader reader, string[] models, TaskTable tasks)
    {
        var count = Count(reader, 1 << FeatureHash.BucketBits);
        var space = new FeatureSpace(Whole(reader, count), Floats(reader, count), Floats(reader, PromptFeatures.DenseCount));
        var weights = new float[space.Width * models.Length];
        foreach (var (from, to) in new[] { (0, count), (count, space.Width) })
        {
            for (var k = 0; k < models.Length; k++)
            {
                var step = reader.ReadSingle();
                Sound(float.IsFinite(step));
                for (var column = from; column < to; column++)
                {
                    weights[(column * models.Length) + k] = step * reader.ReadSByte();
                }
            }
        }

        return new(models, tasks, space, weights);
    }

    private static double[] Doubles(BinaryReader reader, int count)
    {
        var values = new double[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        Sound(Array.TrueForAll(values, double.IsFinite));
        return values;
    }

    private static float[] Floats(BinaryReader reader, int count)
    {
        var values = new float[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        Sound(Array.TrueForAll(values, float.IsFinite));
        return values;
    }

    private static int[] Whole(BinaryReader reader, int count)
    {
        var values = new int[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static int Count(BinaryReader reader, int most)
    {
        var count = reader.ReadInt32();
        Sound(count >= 0 && count <= most);
        return count;
    }

    // Nothing vouches for what was unpacked: a number that is none would be a signal that is none.
    private static void Sound(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("The predictor's file is damaged. Train it again.");
        }
    }

    private static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException($"The predictor's file has another {what} than this version writes. Train it again.");
        }
    }
}
