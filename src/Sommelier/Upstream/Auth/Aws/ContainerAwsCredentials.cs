using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.Auth;

/// <summary>The key of a container's role, from the endpoint that ECS and EKS Pod Identity run beside it.</summary>
internal sealed class ContainerAwsCredentials : RenewedAwsCredentials
{
    private const string Source = "The AWS container credentials endpoint";
    private const string Remedy = "Check the task role or pod identity, and AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI.";

    private readonly Uri address;
    private readonly Func<string?>? authorization;
    private readonly CredentialEndpoint endpoint;
    private volatile string? shown;

    /// <summary>At an address.</summary>
    /// <param name="address">The whole address.</param>
    /// <param name="authorization">What the header <c>Authorization</c> is to say, asked before every fetch since Kubernetes changes it; null for none.</param>
    /// <param name="send">Sends.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when a key could not be renewed while the old one still works.</param>
    public ContainerAwsCredentials(Uri address, Func<string?>? authorization, SendRequest send, TimeProvider time, ILogger? logger = null)
        : base(Source, time, logger)
    {
        (this.address, this.authorization) = (address, authorization);
        endpoint = new(send, Source, Remedy, WithoutSecrets);
    }

    /// <inheritdoc/>
    protected override string WithoutOwnSecrets(string text) => Secrets.Blot(text, shown, "[token]");

    /// <inheritdoc/>
    protected override async Task<AwsCredentials> FetchAsync(CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Options.Set(UpstreamHttp.ConnectTimeoutKey, CredentialEndpoint.ConnectNextDoor);
        if (authorization is not null)
        {
            shown = authorization()?.Trim();
            if (shown is not { Length: > 0 } || shown.AsSpan().ContainsAny('\r', '\n'))
            {
                throw new UpstreamException(new(
                    UpstreamFailureKind.AuthenticationFailed, "The container's authorization token cannot be read. Check AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE."));
            }

            request.Headers.TryAddWithoutValidation("Authorization", shown);
        }

        return AwsCredentialAnswer.Read(await endpoint.AskAsync(request, cancellationToken), Source);
    }
}
