using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.Auth;

/// <summary>
/// Keys of a role for a person who has signed in. The sign-in is made longer while that can be done. Source: AWS, API
/// references of the IAM Identity Center portal (GetRoleCredentials) and OIDC (CreateToken).
/// </summary>
internal sealed class SignInAwsCredentials : RenewedAwsCredentials
{
    private const string Source = "AWS IAM Identity Center";

    // As AWS's SDKs have it.
    private static readonly TimeSpan RefreshAhead = TimeSpan.FromMinutes(5);

    private readonly AwsSignIn options;
    private readonly TimeProvider time;
    private readonly string again;
    private readonly CredentialEndpoint endpoint;
    private volatile AwsSignInToken? token;

    /// <summary>As the options say.</summary>
    public SignInAwsCredentials(AwsSignIn options, SendRequest send, TimeProvider time, ILogger? logger)
        : base(Source, time, logger)
    {
        (this.options, this.time) = (options, time);
        again = $"Sign in again with 'aws sso login --profile {options.Cache.Profile}'.";
        endpoint = new(send, Source, $"{again} Check sso_account_id and sso_role_name if that does not help.", WithoutSecrets);
    }

    /// <inheritdoc/>
    protected override string WithoutOwnSecrets(string text) => token?.WithoutSecrets(text) ?? text;

    /// <inheritdoc/>
    protected override async Task<AwsCredentials> FetchAsync(CancellationToken cancellationToken)
    {
        var signedIn = await SignedInAsync(cancellationToken);
        var query = $"federation/credentials?role_name={Uri.EscapeDataString(options.RoleName)}&account_id={Uri.EscapeDataString(options.AccountId)}";
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Portal, query));
        request.Headers.TryAddWithoutValidation("x-amz-sso_bearer_token", signedIn.Value);
        return Read(await endpoint.AskAsync(request, cancellationToken));
    }

    // The file counts unless ours is newer: somebody may have signed in again, and our own word may not have reached it.
    private async Task<AwsSignInToken> SignedInAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = AwsSignInToken.Read(options.Cache.Read());
        if (found is null || found.ExpiresAt < token?.ExpiresAt)
        {
            found = token ?? throw SignInAgain("There is no sign-in to AWS IAM Identity Center.");
        }

        token = found;
        if (found.ExpiresAt - now > RefreshAhead)
        {
            return found;
        }

        if (!found.IsRefreshable(now))
        {
            return found.ExpiresAt > now ? found : throw SignInAgain("The sign-in to AWS IAM Identity Center has ended.");
        }

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Oidc, "token")) { Content = new ByteArrayContent(found.Refresh()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            if (found.With(await endpoint.AskAsync(request, cancellationToken), now) is { } longer)
            {
                token = longer;
                options.Cache.Write(longer.Text());
                return longer;
            }
        }
        catch (UpstreamException) when (found.ExpiresAt > now)
        {
            return found;
        }

        return found.ExpiresAt > now ? found : throw UpstreamException.Protocol($"{Source} answered without accessToken or expiresIn.");
    }

    private UpstreamException SignInAgain(string problem) => new(new(UpstreamFailureKind.AuthenticationFailed, $"{problem} {again}"));

    private static AwsCredentials Read(ReadOnlyMemory<byte> json)
    {
        var members = FlatJson.Read(json, "roleCredentials");
        if (members?.GetValueOrDefault("accessKeyId") is not { Length: > 0 } id || members.GetValueOrDefault("secretAccessKey") is not { Length: > 0 } secret
            || !long.TryParse(members.GetValueOrDefault("expiration"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            throw UpstreamException.Protocol($"{Source} answered without a usable key.");
        }

        return new(id, secret, members.GetValueOrDefault("sessionToken"), DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
    }
}
