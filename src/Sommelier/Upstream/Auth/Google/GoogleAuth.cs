using Microsoft.Extensions.Logging;

namespace Sommelier.Upstream.Auth;

/// <summary>Shows Google's clouds a short-lived token of a service account, a user, or the machine.</summary>
internal sealed class GoogleAuth : IRequestAuth
{
    private const string TokenPath = "computeMetadata/v1/instance/service-accounts/default/token";

    private readonly GoogleAuthOptions options;
    private readonly TimeProvider time;
    private readonly string source;
    private readonly string? payer;
    private readonly CredentialEndpoint endpoint;
    private readonly BearerTokens tokens;

    /// <summary>As the options say.</summary>
    public GoogleAuth(GoogleAuthOptions options, SendRequest send, TimeProvider time, ILogger? logger = null)
    {
        (this.options, this.time) = (options, time);
        payer = options.QuotaProject ?? options.Account?.QuotaProject;
        source = options.Account is null ? "Google's metadata server" : "Google's token endpoint";
        var remedy = options.Account switch
        {
            null => "Run on Google Cloud with a service account attached, or name a key file in GOOGLE_APPLICATION_CREDENTIALS.",
            GoogleUser => "Sign in again with 'gcloud auth application-default login'.",
            _ => "Check that the service account and its key still exist, and that the clock is right.",
        };
        endpoint = new(send, source, remedy, WithoutSecrets);
        tokens = new(source, FetchAsync, time, logger);
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (payer is not null && !request.Headers.NonValidated.Contains("x-goog-user-project"))
        {
            request.Headers.TryAddWithoutValidation("x-goog-user-project", payer);
        }

        return tokens.ApplyAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public string WithoutSecrets(string text)
    {
        text = tokens.WithoutTokens(text);
        return options.Account?.WithoutSecrets(text) ?? text;
    }

    /// <inheritdoc/>
    public override string ToString() => $"tokens of {options}";

    private async Task<BearerToken> FetchAsync(CancellationToken cancellationToken)
    {
        var body = await endpoint.AskAsync(Request(), cancellationToken);
        return TokenAnswer.Read(body, time.GetUtcNow(), source);
    }

    private HttpRequestMessage Request()
    {
        if (options.Account is { } account)
        {
            return new(HttpMethod.Post, account.TokenAddress) { Content = new FormUrlEncodedContent(account.Ask(options.Scope, time.GetUtcNow())) };
        }

        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.MetadataAddress, TokenPath));
        request.Headers.TryAddWithoutValidation("Metadata-Flavor", "Google");
        request.Options.Set(UpstreamHttp.ConnectTimeoutKey, CredentialEndpoint.ConnectNextDoor);
        return request;
    }
}
