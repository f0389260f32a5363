using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.Auth;

/// <summary>A role that is lent for a statement by somebody whom it trusts, such as Kubernetes.</summary>
/// <param name="Role">The role.</param>
/// <param name="Token">The statement, a JWT, asked before every fetch since it changes; null when it cannot be read.</param>
/// <param name="TokenSource">Where it is read from, for people.</param>
internal sealed record AwsWebIdentity(AwsRole Role, Func<string?> Token, string TokenSource) : AwsOrigin
{
    /// <inheritdoc/>
    public override IAwsCredentialSource CreateSource(SendRequest send, TimeProvider time, ILogger? logger) => new WebIdentityAwsCredentials(this, send, time, logger);
}

/// <summary>Keys of a role, by STS's AssumeRoleWithWebIdentity, which is not signed.</summary>
internal sealed class WebIdentityAwsCredentials : RenewedAwsCredentials
{
    private const string Source = "AWS STS";

    private readonly AwsWebIdentity identity;
    private readonly CredentialEndpoint endpoint;
    private volatile string? shown;

    /// <summary>Of an identity.</summary>
    public WebIdentityAwsCredentials(AwsWebIdentity identity, SendRequest send, TimeProvider time, ILogger? logger)
        : base(Source, time, logger)
    {
        this.identity = identity;
        endpoint = new(send, Source, $"Check that {identity.Role.Arn} exists and trusts the token of {identity.TokenSource}.", WithoutSecrets);
    }

    /// <inheritdoc/>
    protected override string WithoutOwnSecrets(string text) => Secrets.Blot(text, shown, "[token]");

    /// <inheritdoc/>
    protected override async Task<AwsCredentials> FetchAsync(CancellationToken cancellationToken)
    {
        shown = identity.Token()?.Trim();
        if (shown is not { Length: > 0 } token)
        {
            throw new UpstreamException(new(UpstreamFailureKind.AuthenticationFailed, $"The web identity token cannot be read. Check {identity.TokenSource}."));
        }

        var request = new HttpRequestMessage(HttpMethod.Post, identity.Role.Address)
        {
            Content = identity.Role.Form("AssumeRoleWithWebIdentity", new KeyValuePair<string, string>("WebIdentityToken", token)),
        };
        return AwsCredentialAnswer.ReadXml(await endpoint.AskAsync(request, cancellationToken), Source);
    }
}
