using Microsoft.Extensions.Logging;

namespace Sommelier.Upstream.Auth;

/// <summary>A way to a key that ends, other than the services of the machine.</summary>
internal abstract record AwsOrigin
{
    /// <summary>Goes this way.</summary>
    public abstract IAwsCredentialSource CreateSource(SendRequest send, TimeProvider time, ILogger? logger);
}
