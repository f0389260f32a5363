namespace Sommelier.Upstream.Auth;

/// <summary>Where an AWS access key comes from.</summary>
internal interface IAwsCredentialSource
{
    /// <summary>The key that works now.</summary>
    /// <exception cref="Wire.UpstreamException">None can be had.</exception>
    ValueTask<AwsCredentials> GetAsync(CancellationToken cancellationToken);

    /// <summary>A text in which the keys in use are blotted out.</summary>
    string WithoutSecrets(string text);
}

/// <summary>A key that was configured.</summary>
internal sealed class StaticAwsCredentials(AwsCredentials credentials) : IAwsCredentialSource
{
    /// <inheritdoc/>
    public ValueTask<AwsCredentials> GetAsync(CancellationToken cancellationToken) => new(credentials);

    /// <inheritdoc/>
    public string WithoutSecrets(string text) => credentials.WithoutSecrets(text);
}
