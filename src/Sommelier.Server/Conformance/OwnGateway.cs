using Sommelier.Configuration;
using Sommelier.Server.Conformance.Callers;
using Sommelier.Server.Hosting;

namespace Sommelier.Server.Conformance;

/// <summary>A provider of the Sommelier under test, and what is played on it.</summary>
/// <param name="Upstream">Who answers.</param>
/// <param name="Dialect">Who asks.</param>
/// <param name="Plays">What is played.</param>
internal sealed record OwnUpstream(PlayedUpstream Upstream, CallerDialect Dialect, IReadOnlyList<Play> Plays)
{
    /// <summary>The provider's name.</summary>
    public string Name => $"upstream-{Upstream.Port}";

    /// <summary>The model of a play. Each has its own, so that what one play does to a deployment's health is no matter to the next.</summary>
    public string Model(Play play) => $"{Name}/{play.Name}";
}

/// <summary>A Sommelier on a free port, with played upstreams as its only providers and a data folder that goes with it.</summary>
internal sealed class OwnGateway : IAsyncDisposable
{
    private readonly RunningServer server;
    private readonly DirectoryInfo folder;

    private OwnGateway(RunningServer server, DirectoryInfo folder) => (this.server, this.folder) = (server, folder);

    /// <summary>Where it listens.</summary>
    public Uri Url => new(server.Urls[0]);

    /// <summary>Starts one.</summary>
    /// <param name="upstreams">Whom it asks.</param>
    /// <param name="stall">How long it waits for a silent provider.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<OwnGateway> StartAsync(IEnumerable<OwnUpstream> upstreams, TimeSpan stall, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sommelier-conformance-");
        var startup = new GatewayStartup
        {
            Config = SommelierConfig.Default with
            {
                Discover = false,
                Server = new() { Urls = ["http://127.0.0.1:0"], Data = folder.FullName },
                Resilience = new() { FirstChunkWithin = stall, StallTimeout = stall, TotalTimeout = 4 * stall },
                Providers = [.. upstreams.Select(Provider)],
            },
            Environment = static _ => null,
            Time = time,
            Logging = static logging => logging.ClearProviders(),
        };
        var server = await startup.BuildAsync(cancellationToken);
        await server.StartAsync(cancellationToken);
        server.Gateway.WarmUp();
        return new(server, folder);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static ProviderConfig Provider(OwnUpstream side)
    {
        var anthropic = side.Dialect.Provider is "anthropic";
        return new()
        {
            Name = side.Name,
            Type = anthropic ? "anthropic" : "openai-compatible",
            BaseUrl = new(anthropic ? $"http://127.0.0.1:{side.Upstream.Port}/" : side.Upstream.BaseUrl),
            ApiKey = "conformance",
            Only = [.. side.Plays.Select(play => play.Name)],
            Models = [.. side.Plays.Select(play => new ModelConfig { Id = play.Name, Context = 32_768, MaxOutput = 4096, Price = new(1, 2) })],
        };
    }
}
