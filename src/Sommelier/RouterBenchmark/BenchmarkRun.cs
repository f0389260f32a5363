using Sommelier.RouterBenchmark.Contestants;
using Sommelier.RouterBenchmark.Outcomes;
using Sommelier.RouterBenchmark.Reports;
using Sommelier.Routing.Prediction;

namespace Sommelier.RouterBenchmark;

/// <summary>The router benchmark: reads outcome files, lets every contestant learn and route, and measures. Same input, same figures.</summary>
internal static class BenchmarkRun
{
    /// <summary>Runs it, set by set.</summary>
    /// <exception cref="OutcomeException">A file, or a contestant's name, cannot be used.</exception>
    public static IEnumerable<SetReport> Of(BenchmarkOptions options, CancellationToken cancellation)
    {
        CheckNames(options);
        var files = OutcomeReader.Files(options.Data);
        var tests = options.TestData.Count == 0 ? null : OutcomeReader.Files(options.TestData).ToDictionary(OutcomeReader.Name, StringComparer.Ordinal);
        if (tests is not null && !files.Any(f => tests.ContainsKey(OutcomeReader.Name(f))))
        {
            throw new OutcomeException([$"none of the files to test on has the name of one to learn from: {string.Join(", ", tests.Keys)}. Give both the same names, in two folders."]);
        }

        // All are read before any is run: a mistake in the last should not come after an hour.
        var read = files.Where(f => tests is null || tests.ContainsKey(OutcomeReader.Name(f))).SelectMany(f => Read(f, tests)).ToList();
        return read.Select(pair => Run(pair.Learn, pair.Test, options, cancellation));
    }

    /// <summary>The success predictor of one set's texts, learnt from all of it; its tasks are hidden, since in serving nobody knows them.</summary>
    /// <exception cref="OutcomeException">A file cannot be used, or there are several sets.</exception>
    public static SuccessPredictor Train(BenchmarkOptions options)
    {
        var sets = OutcomeReader.Files(options.Data).SelectMany(static file => OutcomeReader.Read(file)).ToList();
        return sets is [var set]
            ? new TrainSide(set, set.Rows, options.Seed, knowsTasks: false).Predictor
            : throw new OutcomeException([$"a predictor is learnt from one set, and there are {sets.Count}: {string.Join(", ", sets.Select(static set => set.Name))}. Name one file, of one set."]);
    }

    private static IEnumerable<(OutcomeSet Learn, OutcomeSet? Test)> Read(string file, Dictionary<string, string>? tests)
    {
        var learn = OutcomeReader.Read(file);
        if (tests is null)
        {
            return learn.Select(set => (set, (OutcomeSet?)null));
        }

        var test = OutcomeReader.Read(tests[OutcomeReader.Name(file)], learn[0].IsPair ? null : learn[0].Models).ToDictionary(t => t.Name, StringComparer.Ordinal);
        return learn.Where(set => test.ContainsKey(set.Name)).Select(set => (set, (OutcomeSet?)test[set.Name]));
    }

    private static SetReport Run(OutcomeSet set, OutcomeSet? test, BenchmarkOptions options, CancellationToken cancellation)
    {
        var parts = test is null ? Part.Cut(set, options.Folds, options.Seed) : Part.Apart(set, test, options.Seed);
        return set.IsPair
            ? PairReport.Of(PairRun.Of(set, [.. Registry.Pair.Where(Wanted)], parts, cancellation), options.Seed)
            : PoolReport.Of(PoolRun.Of(set, [.. Registry.Pool(options.Policies).Where(Wanted)], parts, cancellation), options.Seed);

        bool Wanted(IContestant c) => options.Strategies.Count == 0 || options.Strategies.Contains(c.Name, StringComparer.Ordinal);
    }

    private static void CheckNames(BenchmarkOptions options)
    {
        string[] known = [.. Registry.Pool(options.Policies).Concat<IContestant>(Registry.Pair).Select(c => c.Name).Distinct(StringComparer.Ordinal)];
        if (options.Strategies.FirstOrDefault(s => !known.Contains(s, StringComparer.Ordinal)) is { } unknown)
        {
            throw new OutcomeException([$"there is no strategy '{unknown}'; known: {string.Join(", ", known)}."]);
        }
    }
}
