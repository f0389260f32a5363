using System.Collections.Frozen;
using Sommelier.Accounts;
using Sommelier.Accounts.Administration;
using Sommelier.Canonical;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge.Admin;

/// <summary>What a refused call would have done, in the words of the audit log.</summary>
internal static class AdminActs
{
    // Fields that may be blamed by name. Others are what the caller wrote, which may be anything, a key too.
    private static readonly FrozenSet<string> Fields = FrozenSet.Create(
        StringComparer.Ordinal,
        "name", "organisation_id", "parent_id", "budgets", "requests_per_minute", "tokens_per_minute", "role", "expires_at", "models", "policies", "scopes", "no_bodies",
        "shadow", "reason", "version", "policy");

    /// <summary>What is to be noted of a refusal; null where nothing was to be changed by somebody who may look.</summary>
    /// <param name="context">The call.</param>
    /// <param name="admin">Who called; null when that was refused already.</param>
    /// <param name="refusal">Why not.</param>
    /// <param name="gateway">Knows what there is.</param>
    public static AdminRefusal? Refused(HttpContext context, Administrator? admin, GatewayException refusal, GatewayHost gateway)
    {
        var error = refusal.Error;
        var isForbidden = refusal is NotAdministratorException;
        if (!isForbidden && HttpMethods.IsGet(context.Request.Method))
        {
            return null;
        }

        var (action, subject) = Of(context.Request, gateway);
        return new(
            refusal is NotAdministratorException { Actor: { } actor } ? actor : admin?.Id ?? AdminRefusal.Unknown,
            action,
            subject,
            error.Status,
            refusal is NotAdministratorException { Reason: var reason } ? reason : error.Code ?? EnumNames<GatewayErrorKind>.Of(error.Kind),
            error.Field is { } field && Fields.Contains(field) ? field : null,
            context.Connection.RemoteIpAddress?.ToString());
    }

    private static (string Action, string Subject) Of(HttpRequest request, GatewayHost gateway)
    {
        var parts = request.Path.Value![AdminEndpoints.Prefix.Length..].Split('/');
        var what = AdminEndpoints.KindOf(parts[0]) is { } kind ? EnumNames<AccountKind>.Of(kind) : parts[0] switch
        {
            "quality" or "audit" or "ledger" => parts[0],
            "canaries" => "canary",
            _ => "admin",
        };
        var verb = (request.Method, parts) switch
        {
            ("POST", ["quality", "publish" or "rollback"] or ["canaries", _, "resume"]) => parts[^1],
            ("POST", _) => "create",
            ("PATCH", _) => "change",
            ("DELETE", _) => "close",
            ("GET" or "HEAD", _) => "read",
            _ => "call",
        };

        // Of what stands in the address only what is known here: somebody may have put a key there.
        var subject = parts switch
        {
            [_, { Length: > 0 } id, ..] when gateway.Accounts.Directory.Find(id) is not null => id,
            ["canaries", { Length: > 0 } policy, ..] when gateway.Configured.Policies.Find(policy) is { } found => found.Name,
            _ => "",
        };
        return ($"{what}.{verb}", subject);
    }
}
