using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.Auth;

/// <summary>Shows Azure a short-lived token of an application or a managed identity.</summary>
internal sealed class EntraAuth : IRequestAuth
{
    private readonly EntraAuthOptions options;
    private readonly TimeProvider time;
    private readonly string source;
    private readonly CredentialEndpoint endpoint;
    private readonly BearerTokens tokens;
    private volatile string? assertion;

    /// <summary>As the options say.</summary>
    public EntraAuth(EntraAuthOptions options, SendRequest send, TimeProvider time, ILogger? logger = null)
    {
        (this.options, this.time) = (options, time);
        (source, var remedy) = options switch
        {
            { IsApplication: true, ClientSecret: not null } =>
                ("Microsoft Entra", "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, and whether the secret has expired."),
            { IsApplication: true } => ("Microsoft Entra", "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the application's federated credential."),
            { IdentityEndpoint: not null } => ("The app service's identity endpoint", "Check that a managed identity is assigned to the app, and AZURE_CLIENT_ID if it has several."),
            _ => ("Azure's instance metadata service", "Run on Azure with a managed identity assigned, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET."),
        };
        endpoint = new(send, source, remedy, WithoutSecrets);
        tokens = new(source, FetchAsync, time, logger);
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        tokens.ApplyAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(HttpRequestMessage request, int status, Func<string, string?> header, CancellationToken cancellationToken) =>
        status == 401 ? tokens.ReplaceAsync(request, cancellationToken) : new(false);

    /// <inheritdoc/>
    public string WithoutSecrets(string text)
    {
        text = tokens.WithoutTokens(text);
        text = Secrets.Blot(text, options.ClientSecret, "[secret]");
        text = Secrets.Blot(text, assertion, "[token]");
        return Secrets.Blot(text, options.IdentityHeader, "[secret]");
    }

    /// <inheritdoc/>
    public override string ToString() => $"tokens of {options}";

    private async Task<BearerToken> FetchAsync(CancellationToken cancellationToken)
    {
        var request = options.IsApplication ? ForApplication() : options.IdentityEndpoint is not null ? ForAppService() : ForMachine();
        var body = await endpoint.AskAsync(request, cancellationToken);
        return TokenAnswer.Read(body, time.GetUtcNow(), source);
    }

    private HttpRequestMessage ForApplication()
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("grant_type", "client_credentials"),
            new("client_id", options.ClientId!),
            new("scope", options.Scope),
        };
        if (options.ClientSecret is { } secret)
        {
            form.Add(new("client_secret", secret));
        }
        else
        {
            assertion = options.ClientAssertion!()?.Trim();
            form.Add(new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
            form.Add(new("client_assertion", assertion is { Length: > 0 } ? assertion : throw new UpstreamException(new(
                UpstreamFailureKind.AuthenticationFailed, "The federated token cannot be read. Check AZURE_FEDERATED_TOKEN_FILE."))));
        }

        var address = new Uri(options.AuthorityAddress, $"{Uri.EscapeDataString(options.TenantId!)}/oauth2/v2.0/token");
        return new(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
    }

    private HttpRequestMessage ForAppService()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, WithQuery(options.IdentityEndpoint!, "2019-08-01"));
        request.Headers.TryAddWithoutValidation("X-IDENTITY-HEADER", options.IdentityHeader);
        request.Options.Set(UpstreamHttp.ConnectTimeoutKey, CredentialEndpoint.ConnectNextDoor);
        return request;
    }

    private HttpRequestMessage ForMachine()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, WithQuery(new(options.MetadataAddress, "metadata/identity/oauth2/token"), "2018-02-01"));
        request.Headers.TryAddWithoutValidation("Metadata", "true");
        request.Options.Set(UpstreamHttp.ConnectTimeoutKey, CredentialEndpoint.ConnectNextDoor);
        return request;
    }

    private Uri WithQuery(Uri address, string version)
    {
        var query = $"api-version={version}&resource={Uri.EscapeDataString(options.Resource)}";
        if (options.ClientId is { } client)
        {
            query += $"&client_id={Uri.EscapeDataString(client)}";
        }

        return new UriBuilder(address) { Query = query }.Uri;
    }
}
