using Sommelier.Canonical;

namespace Sommelier.Training;

/// <summary>Stochastic gradient descent on one core; the same rows, settings and seed give the same weights.</summary>
internal sealed class Trainer(Settings settings)
{
    /// <summary>Weights are stored divided by this, so that decay costs one multiplication, not a pass over the table.</summary>
    private float _scale;

    private Random _random = new(0);

    public LinearModel Train(IReadOnlyList<Row> rows, int bucketCount, int signalCount)
    {
        var model = new LinearModel(bucketCount, signalCount) { DenseValue = settings.DenseValue };
        CountFrequencies(rows, model);
        var rowWeights = RowWeights(rows);
        var order = Enumerable.Range(0, rows.Count).ToArray();
        _random = new Random(settings.Seed);
        _scale = 1;
        var steps = (float)settings.Epochs * rows.Count;
        var step = 0;
        for (var epoch = 0; epoch < settings.Epochs; epoch++)
        {
            _random.Shuffle(order);
            foreach (var index in order)
            {
                var rate = settings.Rate * (1 - (0.95f * step++ / steps));
                Step(model, rows[index], rate, rowWeights[index]);
            }
        }

        Rescale(model);
        return model;
    }

    private Intent Label(Row row) => settings.SourceLabels ? row.SourceLabel : row.Label;

    private void CountFrequencies(IReadOnlyList<Row> rows, LinearModel model)
    {
        var texts = rows.Sum(row => row.Parts.Count);
        var counts = new int[model.BucketCount];
        var sources = new int[model.BucketCount];
        foreach (var source in rows.GroupBy(row => row.Source, StringComparer.Ordinal))
        {
            var seen = new HashSet<int>();
            foreach (var bucket in source.SelectMany(row => row.Parts).SelectMany(part => part.Buckets))
            {
                counts[bucket]++;
                seen.Add(bucket);
            }

            foreach (var bucket in seen)
            {
                sources[bucket]++;
            }
        }

        for (var i = 0; i < counts.Length; i++)
        {
            model.Idf[i] = counts[i] >= settings.MinRows && sources[i] >= settings.MinSources
                ? MathF.Log((texts + 1f) / (counts[i] + 1)) + 0.3f
                : 0;
        }
    }

    private float[] RowWeights(IReadOnlyList<Row> rows)
    {
        var sources = rows.CountBy(row => row.Source).ToDictionary();
        var labels = rows.CountBy(Label).ToDictionary();
        var weights = rows.Select(row =>
            MathF.Pow(sources[row.Source], -settings.SourceBalance)
            * MathF.Pow(labels[Label(row)], -settings.LabelBalance)
            * (row.Natural ? settings.NaturalWeight : 1)
            * (OwnCorpus.Has(row) ? settings.OwnWeight : 1)).ToArray();
        var mean = weights.Average();
        return [.. weights.Select(weight => Math.Min(6, weight / mean))];
    }

    private void Step(LinearModel model, Row row, float rate, float weight)
    {
        var block = _random.NextSingle();
        Span<float> sums = stackalloc float[LinearModel.Stride];
        var parts = new (TextPart Kept, float InverseNorm)[row.Parts.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = row.Parts[i];
            var kept = part with
            {
                Buckets = block < settings.GramDropout ? [] : Keep(part.Buckets),
                Signals = block > 1 - settings.DenseDropout ? [] : Keep(part.Signals),
            };
            parts[i] = (kept, model.InverseNorm(kept.Buckets));
            model.AddPart(kept, parts[i].InverseNorm, _scale, sums);
        }

        LinearModel.AddScaled(model.Bias, 1, sums);
        Gradient(sums, (int)Label(row));
        _scale *= 1 - (rate * settings.Decay);
        var factor = -rate * weight;
        LinearModel.AddScaled(sums, factor * 0.1f, model.Bias);
        foreach (var (part, inverseNorm) in parts)
        {
            Learn(model, part, inverseNorm, factor * part.Share / _scale, sums);
        }

        if (_scale < 1e-3f)
        {
            Rescale(model);
        }
    }

    private static void Learn(LinearModel model, in TextPart part, float inverseNorm, float factor, ReadOnlySpan<float> gradient)
    {
        foreach (var bucket in part.Buckets)
        {
            if (model.Idf[bucket] != 0)
            {
                LinearModel.AddScaled(
                    gradient, factor * inverseNorm * model.Idf[bucket], model.Grams.AsSpan(bucket * LinearModel.Stride, LinearModel.Stride));
            }
        }

        foreach (var signal in part.Signals)
        {
            LinearModel.AddScaled(gradient, factor * model.DenseValue, model.Dense.AsSpan(signal * LinearModel.Stride, LinearModel.Stride));
        }
    }

    private int[] Keep(int[] features) => settings.FeatureDropout <= 0
        ? features
        : Array.FindAll(features, _ => _random.NextSingle() >= settings.FeatureDropout);

    /// <summary>Probabilities minus the smoothed target, in place; the padding lanes stay zero.</summary>
    private void Gradient(Span<float> sums, int label)
    {
        Sommelier.Routing.Classification.IntentClassifier.Probabilities(sums[..Intents.Count], 1);
        for (var i = 0; i < Intents.Count; i++)
        {
            sums[i] -= settings.Smoothing / Intents.Count;
        }

        sums[label] -= 1 - settings.Smoothing;
        sums[Intents.Count..].Clear();
    }

    private void Rescale(LinearModel model)
    {
        for (var i = 0; i < model.Grams.Length; i++)
        {
            model.Grams[i] *= _scale;
        }

        for (var i = 0; i < model.Dense.Length; i++)
        {
            model.Dense[i] *= _scale;
        }

        _scale = 1;
    }
}
