using BenchmarkDotNet.Attributes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Benchmarks;

/// <summary>A decision over 300 deployments of the bundled catalog, and the signals before it without the classifier.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class RoutingBenchmarks
{
    private const int Deployments = 300;

    private readonly SignalReader reader = new(new Uniform());
    private RouteQuery balanced = null!;
    private RouteQuery measured = null!;
    private RouteQuery pinned = null!;
    private RequestOutline outline = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var bundled = BundledCatalog.Load();
        var chat = bundled.Deployments.Where(d => d.Kind == ModelKind.Chat && d.Lifecycle.Status == ModelStatus.Active).Take(Deployments).ToArray();
        var at = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        var state = new DeploymentState { P50TimeToFirstChunkMs = 400, P95TimeToFirstChunkMs = 900, TokensPerSecond = 80, Requests = 100 };
        outline = new()
        {
            Model = "auto",
            MessageCount = 3,
            TextBytes = 2_000,
            Stream = true,
            Tail = new("You are helpful.", string.Concat(Enumerable.Repeat("Write a function that sorts a list. ", 40)), "", ""),
        };
        balanced = new()
        {
            Model = "auto",
            Signals = reader.Read(outline, CallerHints.None),
            Catalog = CatalogSnapshot.Create(chat, quality: BundledCatalog.Quality),
            Live = LiveState.Empty(at),
            Policy = Policies.Balanced,
        };
        measured = balanced with { Live = new(at, chat.Select(d => KeyValuePair.Create(d.Id, state))) };
        pinned = balanced with { Model = chat[0].Id };
    }

    [Benchmark]
    public RequestSignals Signals() => reader.Read(outline, CallerHints.None);

    [Benchmark(Baseline = true)]
    public RouteDecision Balanced() => ModelRouter.Decide(balanced);

    [Benchmark]
    public RouteDecision BalancedWithLiveState() => ModelRouter.Decide(measured);

    [Benchmark]
    public RouteDecision Pinned() => ModelRouter.Decide(pinned);

    [Benchmark]
    public byte[] Record() => RouteRecord.Write(ModelRouter.Decide(balanced));

    private sealed class Uniform : IIntentReader
    {
        public IntentReading Read(RequestOutline outline, Span<float> probabilities)
        {
            probabilities.Fill(1f / Intents.Count);
            return new(Intent.Other, 1f / Intents.Count, true, IntentGroup.Chat, 0.2f);
        }
    }
}
