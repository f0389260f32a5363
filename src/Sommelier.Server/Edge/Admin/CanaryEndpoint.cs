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
        var page = AdminPage.Read(context).Cut([.. CanaryList.Of(gateway.Configured.Policies)], static one => $"{one.Key.Policy}:{one.Key.Version}") ?? throw AdminPage.NoPage();
        await SendAsync(context, page);
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

        await SendAsync(context, new(canaries, null));
    }

    private Task SendAsync(HttpContext context, Page<(CanaryKey Key, CanarySettings Canary)> canaries) => AdminPage.SendAsync(context, canaries, (json, one) =>
    {
        json.WriteStartObject();
        CanaryJson.Members(json, one.Key, one.Canary, gateway.Canaries);
        json.WriteEndObject();
    });
}
