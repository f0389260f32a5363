using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;

namespace Sommelier.Benchmarks.Pairs;

/// <summary>
/// Prints one row a pair: bytes allocated, and the time of the fastest iteration (others share the machine) as a multiple of what
/// the provider's own dialect takes when it is passed through in the same run. A chunk's share is what the long stream costs above the short one.
/// </summary>
public sealed class PairTable : ExporterBase
{
    protected override string FileExtension => "md";

    protected override string FileCaption => "pairs";

    public override void ExportToLog(Summary summary, ILogger logger)
    {
        var cells = summary.Reports
            .Where(report => report.ResultStatistics is not null)
            .ToLookup(report => (Caller: Value(report, nameof(PairBenchmarks.Caller)), Vendor: Value(report, nameof(PairBenchmarks.Vendor))))
            .ToDictionary(pair => pair.Key, pair => pair.ToDictionary(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name, Cost, StringComparer.Ordinal));
        logger.WriteLine("| caller | provider | request | answer | stream | chunk |");
        logger.WriteLine("|---|---|---|---|---|---|");
        foreach (var ((caller, vendor), costs) in cells)
        {
            if (costs.Count < 4 || !cells.TryGetValue((vendor, vendor), out var own) || own.Count < 4)
            {
                continue;
            }

            logger.WriteLine($"| {caller} | {vendor} | {Cell(costs, own, Of("Request"))} | {Cell(costs, own, Of("Answer"))} | {Bytes(Start(costs).Bytes)} | {Cell(costs, own, Chunk)} |");
        }
    }

    private static (double Nanoseconds, double Bytes) Cost(BenchmarkReport report) =>
        (report.ResultStatistics!.Min, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? double.NaN);

    private static Func<Dictionary<string, (double, double)>, (double Nanoseconds, double Bytes)> Of(string method) => costs => costs[method];

    private static (double Nanoseconds, double Bytes) Chunk(Dictionary<string, (double Nanoseconds, double Bytes)> costs)
    {
        var (longer, shorter) = (costs[nameof(PairBenchmarks.LongStream)], costs[nameof(PairBenchmarks.ShortStream)]);
        const int More = PairBenchmarks.Long - PairBenchmarks.Short;
        return ((longer.Nanoseconds - shorter.Nanoseconds) / More, (longer.Bytes - shorter.Bytes) / More);
    }

    // Everything about a stream but its pieces of text.
    private static (double Nanoseconds, double Bytes) Start(Dictionary<string, (double Nanoseconds, double Bytes)> costs)
    {
        var (whole, chunk) = (costs[nameof(PairBenchmarks.ShortStream)], Chunk(costs));
        return (whole.Nanoseconds - (chunk.Nanoseconds * PairBenchmarks.Short), whole.Bytes - (chunk.Bytes * PairBenchmarks.Short));
    }

    private static string Cell(
        Dictionary<string, (double, double)> costs, Dictionary<string, (double, double)> own,
        Func<Dictionary<string, (double, double)>, (double Nanoseconds, double Bytes)> of)
    {
        var (cost, basis) = (of(costs), of(own));
        var times = ReferenceEquals(costs, own) ? FormattableString.Invariant($"{cost.Nanoseconds:N0} ns") : FormattableString.Invariant($"×{cost.Nanoseconds / basis.Nanoseconds:0.0}");
        return $"{Bytes(cost.Bytes)}, {times}";
    }

    // Differences of exact figures that are rounded may be a hair below nothing.
    private static string Bytes(double count) => FormattableString.Invariant($"{Math.Max(0, Math.Round(count)):N0} B");

    private static string Value(BenchmarkReport report, string parameter) => (string)report.BenchmarkCase.Parameters[parameter];
}

/// <summary>Has the table printed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PairTableAttribute : ExporterConfigBaseAttribute
{
    public PairTableAttribute()
        : base(new PairTable())
    {
    }
}
