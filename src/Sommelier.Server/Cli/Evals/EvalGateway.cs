using Sommelier.Configuration;
using Sommelier.Evals.Runs;
using Sommelier.Gateway;
using Sommelier.Server.Hosting;
using Sommelier.Upstream.Simulation;

namespace Sommelier.Server.Cli.Evals;

/// <summary>The gateway that a run asks through: that of the configuration, or the demonstration's with simulated providers.</summary>
internal sealed class EvalGateway : IAsyncDisposable
{
    private const string OwnKey = "eval";

    private readonly StartedGateway started;
    private readonly HttpMessageHandler? transport;

    private EvalGateway(StartedGateway started, HttpMessageHandler? transport, SimulatedExam? exam, string key)
    {
        this.started = started;
        this.transport = transport;
        Exam = exam;
        Caller = new(started.Gateway, key);
    }

    /// <summary>Sends.</summary>
    public GatewayCaller Caller { get; }

    /// <summary>What is told to simulated models; null where models are real.</summary>
    public SimulatedExam? Exam { get; }

    /// <summary>What is in force.</summary>
    public GatewaySnapshot Snapshot => started.Gateway.Snapshot;

    /// <summary>Starts it.</summary>
    /// <param name="context">The process.</param>
    /// <param name="settings">Configuration and data folder.</param>
    /// <param name="folder">Where its ledger lies: a gateway that runs holds its own.</param>
    /// <param name="simulated">Whether every provider is simulated; the configuration is not read then.</param>
    /// <param name="seed">Of simulated timings and failures.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="CliException">The configuration has mistakes, or the folder cannot be used.</exception>
    public static async Task<EvalGateway> StartAsync(CliContext context, ServeSettings settings, string folder, bool simulated, int seed, CancellationToken cancellationToken)
    {
        var config = simulated ? SommelierConfig.Default : settings.Load(context);

        // It listens nowhere: the key is for accounts in a shared database, which refuse whoever has none.
        IReadOnlyList<string> keys = config.Server.Keys.Count > 0 ? config.Server.Keys : [OwnKey];
        config = config with { Sqlite = null, Server = config.Server with { Data = folder, Keys = keys } };
        var exam = simulated ? new SimulatedExam() : null;
        GatewaySnapshot? built = null;
        double Quality(WorkItem item) => built!.Catalog.QualityTable.Get(item.Model.Deployment, item.Case.Intent).Mean;
        var transport = exam is null ? null : new SimulatedHandler(context.Time, seed, request => exam.Answer(request, Quality));
        var startup = new GatewayStartup
        {
            Config = config,
            Complete = simulated ? DemoCommand.WithEveryProvider : static given => given,
            Environment = context.Environment,
            Time = context.Time,
            Transport = transport,
            Adapt = snapshot => built = GatewayCaller.OneCallEach(simulated ? DemoCommand.Simulate(snapshot) : snapshot),
        };
        try
        {
            return new(await startup.BuildGatewayAsync(new ErrorLines(context.Error), durable: false, cancellationToken), transport, exam, keys[0]);
        }
        catch (IOException failure)
        {
            throw new CliException(failure.Message, ExitCodes.Infrastructure);
        }
    }

    /// <summary>The candidates of some names.</summary>
    /// <exception cref="CliException">A name means no deployment, or several; all such names are told.</exception>
    public IReadOnlyList<Candidate> Find(IReadOnlyList<string> names)
    {
        var problems = new List<string>();
        var found = new List<Candidate>();
        foreach (var name in names)
        {
            if (Candidate.Find(name, Snapshot.Catalog, out var problem) is { } candidate)
            {
                found.Add(candidate);
            }
            else
            {
                problems.Add(problem);
            }
        }

        return problems.Count == 0 ? found.DistinctBy(static one => one.Name, StringComparer.Ordinal).ToArray() : throw new CliException(string.Join("\n", problems));
    }

    /// <summary>Whether names mean simulated models; real and simulated ones are not compared with each other.</summary>
    /// <exception cref="CliException">Some do and some do not.</exception>
    public static bool AreSimulated(IReadOnlyList<string> names)
    {
        var simulated = names.Count(static name => name.StartsWith(Candidate.SimulatedPrefix, StringComparison.Ordinal));
        return simulated == 0 || simulated == names.Count
            ? simulated > 0
            : throw new CliException("simulated models (demo/…) and real ones cannot be in one run: their figures do not compare.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await started.DisposeAsync();
        transport?.Dispose();
    }
}
