using Sommelier.Canonical;

namespace Sommelier.Gateway;

/// <summary>Ends a request with an error for the caller.</summary>
internal class GatewayException(GatewayError error) : Exception(error.Message)
{
    /// <summary>What to tell the caller.</summary>
    public GatewayError Error { get; } = error;
}
