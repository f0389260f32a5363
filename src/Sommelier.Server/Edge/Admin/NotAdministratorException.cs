using Sommelier.Canonical;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge.Admin;

/// <summary>Somebody does not open <c>/admin</c>, or not so far.</summary>
/// <param name="error">What to tell the caller.</param>
/// <param name="reason">Why, from a closed list: the audit log and the metric go by it.</param>
/// <param name="actor">Who it was, where that is known though they are refused; else null.</param>
internal sealed class NotAdministratorException(GatewayError error, string reason, string? actor) : GatewayException(error)
{
    /// <summary>Why.</summary>
    public string Reason { get; } = reason;

    /// <summary>Who, or null.</summary>
    public string? Actor { get; } = actor;
}
