namespace Sommelier.Upstream.Auth;

/// <summary>Where an AWS access key comes from.</summary>
internal interface IAwsCredentialSource
{
    /// <summary>The key that works now.</summary>
    /// <exception cref="Wire.UpstreamException">None can be had.</exception>
    ValueTask<AwsCredentials> GetAsync(CancellationToken cancellationToken);

    /// <summary>Fetches another key where the one that a request was signed with is refused: see <see cref="Renewed{T}.ReplaceAsync"/>.</summary>
    /// <param name="shown">The request's <c>Authorization</c>, which names its key.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <returns>Whether there is another one now; never for a key that was configured.</returns>
    ValueTask<bool> ReplaceAsync(string shown, CancellationToken cancellationToken);

    /// <summary>A text in which the keys in use are blotted out.</summary>
    string WithoutSecrets(string text);
}

/// <summary>A key that was configured.</summary>
internal sealed class StaticAwsCredentials(AwsCredentials credentials) : IAwsCredentialSource
{
    /// <inheritdoc/>
    public ValueTask<AwsCredentials> GetAsync(CancellationToken cancellationToken) => new(credentials);

    /// <inheritdoc/>
    public ValueTask<bool> ReplaceAsync(string shown, CancellationToken cancellationToken) => new(false);

    /// <inheritdoc/>
    public string WithoutSecrets(string text) => credentials.WithoutSecrets(text);
}
