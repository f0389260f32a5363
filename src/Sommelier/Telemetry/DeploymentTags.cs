using System.Collections.Concurrent;

namespace Sommelier.Telemetry;

/// <summary>A deployment's attribute values, cut out of its id once.</summary>
internal sealed record DeploymentTags(string DeploymentId, string Provider, string Model)
{
    private static readonly ConcurrentDictionary<string, DeploymentTags> Known = new(StringComparer.Ordinal);

    /// <summary>The values of an id of the form <c>provider/model</c>.</summary>
    public static DeploymentTags Of(string deploymentId) => Known.GetOrAdd(deploymentId, static id =>
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new DeploymentTags(id, id, id) : new DeploymentTags(id, GenAi.Provider(id[..slash]), id[(slash + 1)..]);
    });
}
