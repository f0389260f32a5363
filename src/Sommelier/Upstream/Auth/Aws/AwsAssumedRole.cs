using Microsoft.Extensions.Logging;

namespace Sommelier.Upstream.Auth;

/// <summary>A role that is lent to whoever has another key.</summary>
/// <param name="Role">The role.</param>
/// <param name="By">Whose key asks for it, and in which region.</param>
internal sealed record AwsAssumedRole(AwsRole Role, AwsAuthOptions By) : AwsOrigin
{
    /// <inheritdoc/>
    public override IAwsCredentialSource CreateSource(SendRequest send, TimeProvider time, ILogger? logger) => new AssumedRoleAwsCredentials(this, send, time, logger);
}

/// <summary>Keys of a role, by STS's AssumeRole, signed with another key.</summary>
internal sealed class AssumedRoleAwsCredentials : RenewedAwsCredentials
{
    private const string Source = "AWS STS";

    private readonly AwsRole role;
    private readonly IAwsCredentialSource by;
    private readonly SigV4Signer signer;
    private readonly CredentialEndpoint endpoint;
    private readonly TimeProvider time;

    /// <summary>Of a role.</summary>
    public AssumedRoleAwsCredentials(AwsAssumedRole assumed, SendRequest send, TimeProvider time, ILogger? logger)
        : base(Source, time, logger)
    {
        (role, this.time) = (assumed.Role, time);
        by = assumed.By.CreateSource(send, time, logger);
        signer = new(assumed.By.Region, "sts");
        endpoint = new(send, Source, $"Check that {role.Arn} exists and may be assumed with this key.", WithoutSecrets);
    }

    /// <inheritdoc/>
    protected override string WithoutOwnSecrets(string text) => by.WithoutSecrets(text);

    /// <inheritdoc/>
    protected override async Task<AwsCredentials> FetchAsync(CancellationToken cancellationToken)
    {
        var key = await by.GetAsync(cancellationToken);
        var request = new HttpRequestMessage(HttpMethod.Post, role.Address) { Content = role.Form("AssumeRole") };
        SigV4Message.Sign(request, await request.Content.ReadAsByteArrayAsync(cancellationToken), key, signer, time.GetUtcNow());
        return AwsCredentialAnswer.ReadXml(await endpoint.AskAsync(request, cancellationToken), Source);
    }
}
