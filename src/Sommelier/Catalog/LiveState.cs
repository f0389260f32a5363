namespace Sommelier.Catalog;

/// <summary>How every deployment is doing at one moment: immutable, so that a decision can be replayed.</summary>
public sealed class LiveState
{
    private readonly Dictionary<string, DeploymentState> states;

    /// <summary>A snapshot of the given states, by deployment id.</summary>
    public LiveState(DateTimeOffset at, IEnumerable<KeyValuePair<string, DeploymentState>> states)
    {
        At = at;
        this.states = new(states, StringComparer.Ordinal);
    }

    /// <summary>Nothing measured, at a moment.</summary>
    public static LiveState Empty(DateTimeOffset at) => new(at, []);

    /// <summary>When it was taken: the time of the decision.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The deployments that have a state, in no order.</summary>
    public IReadOnlyDictionary<string, DeploymentState> Deployments => states;

    /// <summary>The state of a deployment; <see cref="DeploymentState.Unknown"/> when nothing was measured.</summary>
    public DeploymentState Get(string deploymentId) =>
        states.TryGetValue(deploymentId, out var state) ? state : DeploymentState.Unknown;

    /// <summary>The same states, with the calls that are under way.</summary>
    public LiveState WithRunning(IEnumerable<KeyValuePair<string, int>> running)
    {
        var counted = new LiveState(At, states);
        foreach (var (id, calls) in running)
        {
            counted.states[id] = Get(id) with { Running = calls };
        }

        return counted;
    }

    /// <summary>The same states at another moment.</summary>
    public LiveState WithTime(DateTimeOffset at) => new(at, states);
}
