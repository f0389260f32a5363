using Sommelier.Accounts;
using Sommelier.Canaries;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Routing;

namespace Sommelier.Server.Edge.Admin;

/// <summary><c>/admin/canaries</c>: how the canaries of the configuration stand.</summary>
/// <remarks>
/// <code>
/// GET  /admin/canaries                    all of them, with what this instance has counted
/// POST /admin/canaries/{policy}/resume    gives those of a policy their share again, counted anew
/// </code>
/// </remarks>
internal sealed class CanaryEndpoint(GatewayHost gateway)
{
    /// <summary>What is called with which method; null for no such path.</summary>
    public static string? MethodOf(ReadOnlySpan<string> path) => path switch
    {
        [] => HttpMethods.Get,
        [{ Length: > 0 }, "resume"] => HttpMethods.Post,
        _ => null,
    };

    /// <summary>Serves a path that <see cref="MethodOf"/> knows.</summary>
    public Task ServeAsync(HttpContext context, Administrator admin, string[] path) => path is [var policy, _] ? ResumeAsync(context, admin, policy) : ListAsync(context, admin);

    private async Task ListAsync(HttpContext context, Administrator admin)
    {
        admin.Require(KeyRole.Viewer);
        await SendAsync(context, [.. CanaryList.Of(gateway.Configured.Policies)]);
    }

    private async Task ResumeAsync(HttpContext context, Administrator admin, string policy)
    {
        admin.Require(KeyRole.Editor);
        var canaries = gateway.Configured.Policies.Find(policy) is { } found ? CanaryList.Of(found).DistinctBy(one => one.Key).ToArray() : [];
        if (canaries.Length == 0)
        {
            throw new GatewayException(new(GatewayErrorKind.ModelNotFound, "There is no policy of this name that has a canary. GET /admin/canaries lists them.", StatusCodes.Status404NotFound, "policy", "canary_not_found"));
        }

        foreach (var (key, canary) in canaries)
        {
            await gateway.Canaries.ResumeAsync(key, canary.To, admin.Id, context.RequestAborted);
        }

        await SendAsync(context, canaries);
    }

    private async Task SendAsync(HttpContext context, (CanaryKey Key, CanarySettings Canary)[] canaries)
    {
        await using var json = AdminEndpoints.Begin(context, StatusCodes.Status200OK);
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var (key, canary) in canaries)
        {
            json.WriteStartObject();
            CanaryJson.Members(json, key, canary, gateway.Canaries);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
