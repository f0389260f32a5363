using Sommelier.Upstream;

namespace Sommelier.Configuration.Building;

/// <summary>Everything that <c>doctor</c> wants to know of a configuration's providers.</summary>
/// <param name="LocalServers">Local servers that answer, in words.</param>
/// <param name="Probes">What came of asking the providers; empty when they were not to be asked.</param>
/// <param name="Warnings">What is odd about the configuration beside the catalog.</param>
/// <param name="Models">Models that requests could be routed to.</param>
/// <param name="Providers">Providers that serve them.</param>
internal sealed record ProviderCheck(
    IReadOnlyList<string> LocalServers,
    IReadOnlyList<ProviderProbeResult> Probes,
    IReadOnlyList<ConfigProblem> Warnings,
    int Models,
    int Providers)
{
    /// <summary>Looks for local servers, builds the snapshot and asks its providers.</summary>
    public static async Task<ProviderCheck> RunAsync(SommelierConfig config, Func<string, string?> environment, TimeProvider time, bool offline, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var invoker = new HttpMessageInvoker(handler);
        var found = offline ? [] : await new LocalServerDiscovery(invoker, time).FindAsync(config, cancellationToken);
        using var identities = new CloudIdentities(environment, time);
        var build = GatewaySnapshotBuilder.Build(config, environment, found, identities);
        using var http = new UpstreamHttp(time);
        var probes = offline ? [] : await new ProviderProbe(http, time).AskAsync(build.Snapshot.Providers.Values, cancellationToken);
        return new(
            [.. found.Select(server => $"{server.Name} at {server.BaseAddress}: {server.Models.Count} models")],
            probes,
            build.Warnings,
            build.Snapshot.Catalog.Deployments.Count,
            build.Snapshot.Catalog.Deployments.Select(deployment => deployment.Provider).Distinct(StringComparer.Ordinal).Count());
    }
}
