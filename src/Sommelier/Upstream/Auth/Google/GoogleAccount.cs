namespace Sommelier.Upstream.Auth;

/// <summary>Somebody whom Google knows, as its JSON files describe them.</summary>
internal abstract record GoogleAccount
{
    /// <summary>Where Google gives out tokens when a file does not say so.</summary>
    public static readonly Uri UsualTokenAddress = new("https://oauth2.googleapis.com/token");

    /// <summary>The project that pays, where it is not the model's own; null: nothing is said.</summary>
    public string? QuotaProject { get; init; }

    /// <summary>What to do when it is refused, as a sentence.</summary>
    public abstract string Remedy { get; }

    /// <summary>Fetches a token.</summary>
    /// <param name="endpoint">Asks.</param>
    /// <param name="scope">What the token is for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Wire.UpstreamException">None can be had.</exception>
    public abstract Task<BearerToken> FetchAsync(CredentialEndpoint endpoint, string scope, TimeProvider time, CancellationToken cancellationToken);

    /// <summary>A text in which its secrets are blotted out.</summary>
    public abstract string WithoutSecrets(string text);

    /// <summary>Hides secrets from whoever prints an account.</summary>
    public sealed override string ToString() => this switch
    {
        GoogleServiceAccount account => $"service account {account.Email}",
        GoogleExternalAccount => "a federated identity",
        GoogleImpersonation impersonation => $"{impersonation.By} in the place of a service account",
        _ => "a Google user",
    };
}

/// <summary>Somebody who gets a token for one form.</summary>
internal abstract record GoogleFormAccount : GoogleAccount
{
    /// <summary>Where the form goes.</summary>
    public required Uri TokenAddress { get; init; }

    /// <summary>The form.</summary>
    /// <param name="scope">What the token is for.</param>
    /// <param name="now">The time.</param>
    public abstract IReadOnlyList<KeyValuePair<string, string>> Ask(string scope, DateTimeOffset now);

    /// <inheritdoc/>
    public sealed override async Task<BearerToken> FetchAsync(CredentialEndpoint endpoint, string scope, TimeProvider time, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, TokenAddress) { Content = new FormUrlEncodedContent(Ask(scope, time.GetUtcNow())) };
        return TokenAnswer.Read(await endpoint.AskAsync(request, cancellationToken), time.GetUtcNow(), endpoint.Source);
    }
}

/// <summary>A service account with its key.</summary>
/// <param name="Email">Its name.</param>
/// <param name="PrivateKey">An RSA key in PEM. Never sent, never logged, never in an error.</param>
/// <param name="KeyId">The key's name; null when the file does not say it.</param>
internal sealed record GoogleServiceAccount(string Email, string PrivateKey, string? KeyId) : GoogleFormAccount
{
    /// <inheritdoc/>
    public override string Remedy => "Check that the service account and its key still exist, and that the clock is right.";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Ask(string scope, DateTimeOffset now) =>
    [
        new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        new("assertion", GoogleAssertion.Write(this, scope, now)),
    ];

    /// <inheritdoc/>
    public override string WithoutSecrets(string text) => Secrets.BlotPem(text, PrivateKey);
}

/// <summary>A person who has signed in.</summary>
/// <param name="ClientId">The program with which they did.</param>
/// <param name="ClientSecret">Its password.</param>
/// <param name="RefreshToken">What they left it. Never logged, never in an error.</param>
internal sealed record GoogleUser(string ClientId, string ClientSecret, string RefreshToken) : GoogleFormAccount
{
    /// <inheritdoc/>
    public override string Remedy => "Sign in again with 'gcloud auth application-default login'.";

    /// <summary>The form that is posted for a token; the scope is that of the sign-in.</summary>
    public override IReadOnlyList<KeyValuePair<string, string>> Ask(string scope, DateTimeOffset now) =>
    [
        new("grant_type", "refresh_token"),
        new("client_id", ClientId),
        new("client_secret", ClientSecret),
        new("refresh_token", RefreshToken),
    ];

    /// <inheritdoc/>
    public override string WithoutSecrets(string text) => Secrets.Blot(Secrets.Blot(text, RefreshToken, "[token]"), ClientSecret, "[secret]");
}
