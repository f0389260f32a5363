using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Resilience;
using Sommelier.Upstream;
using Sommelier.Upstream.Media;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>An attempt loop over real sockets and a clock that the test moves, with fault servers as its providers.</summary>
internal sealed class AttemptRig : IAsyncDisposable
{
    public const string Key = "sk-very-secret-key-0123456789";

    // A test that waits longer than this on real sockets has found a hang.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<FaultServer> servers = [];
    private readonly List<ProviderBinding> bindings = [];
    private ProviderBindings? bound;
    private readonly List<Deployment> plan = [];
    private readonly UpstreamHttp http = new();

    public AttemptRig(HealthOptions? options = null, TimeProvider? clock = null)
    {
        Events = new();
        Health = new(clock ?? Time, options, Events);
        Runner = new(http, Health, clock ?? Time, Media, Events);
    }

    public SignallingTime Time { get; } = new(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public RecordedEvents Events { get; }

    public HealthTracker Health { get; }

    public AttemptRunner Runner { get; }

    public MediaFetcher Media { get; } = new(TimeProvider.System);

    public List<Attempt> Log { get; } = [];

    public AttemptLimits Limits { get; set; } = new();

    public IReadOnlyList<Deployment> Plan => plan;

    public static IEnumerable<(string Caller, string Vendor)> Pairs =>
        from caller in Formats from vendor in Formats select (caller, vendor);

    public static string[] Formats { get; } = ["openai-chat", "anthropic-messages"];

    /// <summary>Adds a provider with one model to the plan.</summary>
    public FaultServer Add(string format, params FaultReply[] script)
    {
        var server = new FaultServer(script);
        servers.Add(server);
        AddAt(format, server.Address);
        return server;
    }

    public void AddAt(string format, Uri address, int? window = null, string? provider = null)
    {
        var openAI = format == "openai-chat";
        var name = provider ?? $"p{bindings.Count}";
        if (bindings.TrueForAll(binding => binding.Name != name))
        {
            Bind(new()
            {
                Name = name,
                Provider = openAI ? new OpenAICompatible() : new AnthropicCompatible(),
                BaseAddress = openAI ? new(address, "v1/") : address,
                ApiKey = Key,
            });
        }

        plan.Add(new()
        {
            Id = $"{name}/model-{plan.Count}",
            Provider = name,
            Model = $"model-{plan.Count}",
            CanonicalModel = $"model-{plan.Count}",
            ContextWindow = window,
            MaxOutputTokens = 4096,
            Price = new() { InputUsdPerMillion = 1, OutputUsdPerMillion = 2, Source = "test", SourceDate = new(2026, 11, 1) },
        });
    }

    /// <summary>Adds a provider of any kind behind a scripted server.</summary>
    public FaultServer Serve(Provider provider, Deployment deployment, params FaultReply[] script)
    {
        var server = new FaultServer(script);
        servers.Add(server);
        Use(new ProviderBinding { Name = deployment.Provider, Provider = provider, BaseAddress = server.Address, ApiKey = Key }, deployment);
        return server;
    }

    public void Use(ProviderBinding binding, Deployment deployment)
    {
        Bind(binding);
        plan.Add(deployment);
    }

    // What is known of an endpoint is known to the next call, too.
    private ProviderBindings Bound => bound ??= new(bindings);

    private void Bind(ProviderBinding binding)
    {
        bindings.Add(binding);
        bound = null;
    }

    /// <summary>Limits how many calls may run at a deployment of the plan.</summary>
    public void Limit(int at, int most) => plan[at] = plan[at] with { MaxConcurrency = most };

    /// <summary>Gives a deployment of the plan another price.</summary>
    public void Price(int at, Price price) => plan[at] = plan[at] with { Price = price };

    public static InboundCall Call(string format, bool streamed, string? text = null, bool strict = false, string more = "")
    {
        var wire = WireFormats.Get(format);
        var usage = format == "openai-chat" && streamed ? "\"stream_options\":{\"include_usage\":true}," : "";
        var body = Encoding.UTF8.GetBytes(
            $$"""{"model":"auto","max_tokens":50,"stream":{{(streamed ? "true" : "false")}},{{usage}}{{more}}"messages":[{"role":"user","content":"{{text ?? "Say hello."}}"}]}""");
        return new()
        {
            Format = wire,
            Body = body,
            Outline = wire.Requests.Outline(body),
            Reply = new() { FallbackId = "reply-1", Model = "auto", Created = DateTimeOffset.UnixEpoch, StreamUsage = streamed },
            Strict = strict,
        };
    }

    public ValueTask<AttemptResult> RunAsync(InboundCall call, CancellationToken cancellationToken = default) =>
        new(Runner.RunAsync(call, plan, Bound, Limits, Log, cancellationToken).AsTask().WaitAsync(Patience, CancellationToken.None));

    /// <summary>Runs a call and reads the whole answer.</summary>
    public Task<Received> ReceiveAsync(InboundCall call) => ReceiveAsync(call, Log);

    public async Task<Received> ReceiveAsync(InboundCall call, List<Attempt> log)
    {
        var result = await Runner.RunAsync(call, plan, Bound, Limits, log, CancellationToken.None).AsTask().WaitAsync(Patience);
        return result.Answer is { } answer ? await ReadAsync(answer) : new("", null, result.Error);
    }

    public static async Task<Received> ReadAsync(CommittedAnswer answer)
    {
        await using (answer)
        {
            var pipe = new Pipe(new(pauseWriterThreshold: 0));
            var attempt = await answer.WriteToAsync(pipe.Writer, CancellationToken.None).AsTask().WaitAsync(Patience);
            await pipe.Writer.CompleteAsync();
            var read = await pipe.Reader.ReadAtLeastAsync(int.MaxValue);
            var bytes = System.Buffers.BuffersExtensions.ToArray(read.Buffer);
            return new(Encoding.UTF8.GetString(bytes), attempt, null) { Bytes = bytes };
        }
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        Media.Dispose();
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>What the caller got.</summary>
    internal sealed record Received(string Text, Attempt? Attempt, GatewayError? Error)
    {
        /// <summary>The same, for dialects that are not text.</summary>
        public byte[] Bytes { get; init; } = [];
    }

    /// <summary>A clock that the test moves, and that says when somebody has begun to wait on it.</summary>
    internal sealed class SignallingTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private readonly Channel<bool> timers = Channel.CreateUnbounded<bool>();

        /// <summary>Waits until a number of timers, watchdogs included, have been set since the last call.</summary>
        public async Task TimersAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await timers.Reader.ReadAsync().AsTask().WaitAsync(Patience);
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            timers.Writer.TryWrite(true);
            return timer;
        }
    }

    internal sealed class RecordedEvents : IAttemptEvents
    {
        public List<Attempt> Attempts { get; } = [];

        public List<(string Id, UpstreamFailure Failure, DateTimeOffset Until)> Refused { get; } = [];

        public void AttemptLogged(Attempt attempt, Operation operation)
        {
            lock (Attempts)
            {
                Attempts.Add(attempt);
            }
        }

        public List<(string Id, bool Open)> Circuits { get; } = [];

        public List<(string Id, HedgeOutcome Outcome)> Hedges { get; } = [];

        public void Hedged(string deploymentId, HedgeOutcome outcome) => Hedges.Add((deploymentId, outcome));

        public void CircuitChanged(string deploymentId, bool open) => Circuits.Add((deploymentId, open));

        public void DeploymentRefused(string deploymentId, UpstreamFailure failure, DateTimeOffset until) => Refused.Add((deploymentId, failure, until));
    }
}
