using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sommelier.Telemetry.Prometheus;

/// <summary>Sums up what the meters record, for <c>/metrics</c>.</summary>
internal sealed class MetricsCollector : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<MetricFamily> families = new();
    private readonly Lock gate = new();

    /// <param name="accepts">Which meters to listen to.</param>
    public MetricsCollector(Func<Meter, bool> accepts)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (accepts(instrument.Meter) && MetricFamily.Of(instrument) is { } family)
            {
                families.Enqueue(family);
                self.EnableMeasurementEvents(instrument, family);
            }
        };
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricFamily)state!).Record((long)value, tags));
        listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => ((MetricFamily)state!).Record((long)value, tags));
        listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => ((MetricFamily)state!).Record((long)value, tags));
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => ((MetricFamily)state!).Record((double)value, tags));
        listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => ((MetricFamily)state!).Record((double)value, tags));
        listener.Start();
    }

    /// <summary>Listens to the gateway's own meter and to the .NET runtime's (memory, garbage collection, threads, CPU).</summary>
    public static MetricsCollector For(GatewayMeter meter) =>
        new(candidate => candidate == meter.Meter || string.Equals(candidate.Name, "System.Runtime", StringComparison.Ordinal));

    /// <summary>Asks the observable instruments and gives every family, by name.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        lock (gate)
        {
            foreach (var family in families)
            {
                // What no longer exists, e.g. a deployment that was removed, must not keep its last value.
                if (family is { Absolute: true, Kind: MetricKind.Gauge })
                {
                    family.Clear();
                }
            }

            listener.RecordObservableInstruments();
            return [.. families.OrderBy(family => family.Name, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();
}
