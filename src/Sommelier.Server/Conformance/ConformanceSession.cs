using Sommelier.Server.Conformance.Callers;

namespace Sommelier.Server.Conformance;

/// <summary>The gateway under test, the callers before it and the failing providers behind it.</summary>
/// <remarks>
/// A target has one provider, so its cases are played one after the other. A Sommelier of its own has one for each dialect
/// and kind of answer: so many run at once.
/// </remarks>
internal sealed class ConformanceSession : IAsyncDisposable
{
    private readonly List<PlayedUpstream> upstreams = [];
    private readonly List<Lane> lanes = [];
    private OwnGateway? own;
    private Caller? caller;

    private ConformanceSession()
    {
    }

    /// <summary>What a target has to be pointed at.</summary>
    public string UpstreamUrl => upstreams[0].BaseUrl;

    /// <summary>Starts what has to be started.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The upstream's port is taken.</exception>
    public static async Task<ConformanceSession> StartAsync(ConformanceOptions options, CancellationToken cancellationToken)
    {
        var session = new ConformanceSession();
        try
        {
            await session.PrepareAsync(options, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Plays everything.</summary>
    /// <param name="report">Is told of each result as it comes, one at a time.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The results in the order of the cases.</returns>
    /// <exception cref="IOException">The gateway cannot be reached, or reaches another upstream than the played one.</exception>
    public async Task<IReadOnlyList<ConformanceResult>> PlayAllAsync(Action<ConformanceResult> report, CancellationToken cancellationToken)
    {
        var gate = new Lock();
        var played = await Task.WhenAll(lanes.Select(lane => PlayAsync(lane, result =>
        {
            lock (gate)
            {
                report(result);
            }
        }, cancellationToken)));
        return [.. played.SelectMany(static results => results)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        caller?.Dispose();
        if (own is not null)
        {
            await own.DisposeAsync();
        }

        foreach (var upstream in upstreams)
        {
            await upstream.DisposeAsync();
        }
    }

    private async Task PrepareAsync(ConformanceOptions options, CancellationToken cancellationToken)
    {
        var plays = Play.All(options.Cases, options.Dialects);
        var checks = Play.All([FaultCases.All[0]], options.Dialects);
        if (options.Target is not null)
        {
            upstreams.Add(new(options.Port));
            caller = new(options.Target, options.Key, options.Headers, options.Portkey ? UpstreamUrl : null, options.Timeout, options.Time);
            lanes.Add(new(new(upstreams[0], caller, play => options.Model.Replace("{case}", play.Name, StringComparison.Ordinal)), checks, plays));
            return;
        }

        var sides = new List<OwnUpstream>();
        foreach (var lane in plays.GroupBy(play => (play.Dialect, play.Streamed)))
        {
            upstreams.Add(new(0));
            var check = checks.Where(play => (play.Dialect, play.Streamed) == lane.Key).ToArray();
            sides.Add(new(upstreams[^1], lane.Key.Dialect, [.. check.Union(lane)]));
        }

        own = await OwnGateway.StartAsync(sides, options.Stall, options.Time, cancellationToken);
        caller = new(own.Url, options.Key, options.Headers, null, options.Timeout, options.Time);
        foreach (var side in sides)
        {
            lanes.Add(new(new(side.Upstream, caller, side.Model), [side.Plays[0]], [.. side.Plays.Where(plays.Contains)]));
        }
    }

    private static async Task<List<ConformanceResult>> PlayAsync(Lane lane, Action<ConformanceResult> report, CancellationToken cancellationToken)
    {
        foreach (var check in lane.Checks)
        {
            await lane.Run.CheckAsync(check, cancellationToken);
        }

        var results = new List<ConformanceResult>();
        foreach (var play in lane.Plays)
        {
            results.Add(await lane.Run.PlayAsync(play, cancellationToken));
            report(results[^1]);
        }

        return results;
    }

    private sealed record Lane(ConformanceRun Run, IReadOnlyList<Play> Checks, IReadOnlyList<Play> Plays);
}
