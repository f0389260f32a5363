using System.Runtime.InteropServices;
using Sommelier.Statistics.Intervals;

namespace Sommelier.RouterBenchmark.Metrics;

/// <summary>A figure of the test side, and the interval in which 95 % of its bootstrap rounds lie.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Estimate(double Value, Interval Range)
{
    /// <summary>The same in another unit.</summary>
    public Estimate Times(double factor) => new(Value * factor, new(Range.Low * factor, Range.High * factor));
}
