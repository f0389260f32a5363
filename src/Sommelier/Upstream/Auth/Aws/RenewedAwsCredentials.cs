using Microsoft.Extensions.Logging;

namespace Sommelier.Upstream.Auth;

/// <summary>Keys that end, renewed in time.</summary>
internal abstract class RenewedAwsCredentials : IAwsCredentialSource
{
    private readonly Renewed<AwsCredentials> keys;

    /// <summary>From a source.</summary>
    /// <param name="source">Whom keys are fetched from, in words that begin a sentence.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when a key could not be renewed while the old one still works.</param>
    protected RenewedAwsCredentials(string source, TimeProvider time, ILogger? logger) => keys = new(source, FetchAsync, time, logger);

    /// <inheritdoc/>
    public ValueTask<AwsCredentials> GetAsync(CancellationToken cancellationToken) => keys.GetAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReplaceAsync(string shown, CancellationToken cancellationToken) =>
        (Named(shown, keys.Current) ?? Named(shown, keys.Previous)) is { } refused ? keys.ReplaceAsync(refused, cancellationToken) : new(false);

    /// <inheritdoc/>
    public string WithoutSecrets(string text)
    {
        text = WithoutOwnSecrets(text);
        text = keys.Current?.WithoutSecrets(text) ?? text;
        return keys.Previous?.WithoutSecrets(text) ?? text;
    }

    /// <summary>Fetches a key.</summary>
    /// <exception cref="Wire.UpstreamException">None can be had.</exception>
    protected abstract Task<AwsCredentials> FetchAsync(CancellationToken cancellationToken);

    /// <summary>A text in which what is shown for a key is blotted out.</summary>
    protected abstract string WithoutOwnSecrets(string text);

    private static AwsCredentials? Named(string shown, AwsCredentials? credentials) =>
        credentials is not null && shown.Contains($"Credential={credentials.AccessKeyId}/", StringComparison.Ordinal) ? credentials : null;
}
