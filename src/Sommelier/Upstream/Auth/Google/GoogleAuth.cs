using Microsoft.Extensions.Logging;

namespace Sommelier.Upstream.Auth;

/// <summary>Shows Google's clouds a short-lived token of a service account, a user, or the machine.</summary>
internal sealed class GoogleAuth : IRequestAuth
{
    private const string TokenPath = "computeMetadata/v1/instance/service-accounts/default/token";

    private readonly GoogleAuthOptions options;
    private readonly TimeProvider time;
    private readonly string? payer;
    private readonly CredentialEndpoint endpoint;
    private readonly BearerTokens tokens;

    /// <summary>As the options say.</summary>
    public GoogleAuth(GoogleAuthOptions options, SendRequest send, TimeProvider time, ILogger? logger = null)
    {
        (this.options, this.time) = (options, time);
        payer = options.QuotaProject ?? options.Account?.QuotaProject;
        var source = options.Account is null ? "Google's metadata server" : "Google's token endpoint";
        var remedy = options.Account?.Remedy ?? "Run on Google Cloud with a service account attached, or name a key file in GOOGLE_APPLICATION_CREDENTIALS.";
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
    public ValueTask<bool> RenewAsync(HttpRequestMessage request, int status, Func<string, string?> header, CancellationToken cancellationToken) =>
        status == 401 ? tokens.ReplaceAsync(request, cancellationToken) : new(false);

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
        if (options.Account is { } account)
        {
            return await account.FetchAsync(endpoint, options.Scope, time, cancellationToken);
        }

        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.MetadataAddress, TokenPath));
        request.Headers.TryAddWithoutValidation("Metadata-Flavor", "Google");
        request.Options.Set(UpstreamHttp.ConnectTimeoutKey, CredentialEndpoint.ConnectNextDoor);
        return TokenAnswer.Read(await endpoint.AskAsync(request, cancellationToken), time.GetUtcNow(), endpoint.Source);
    }
}
