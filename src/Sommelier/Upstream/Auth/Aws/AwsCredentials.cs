namespace Sommelier.Upstream.Auth;

/// <summary>An AWS access key.</summary>
/// <param name="AccessKeyId">Its name, which every signature carries.</param>
/// <param name="SecretAccessKey">What signs. Never sent, never logged, never in an error.</param>
/// <param name="SessionToken">Sent along with keys that end; null for those that do not.</param>
/// <param name="ExpiresAt">From when on it is refused; null: never, as far as we know.</param>
internal sealed record AwsCredentials(
    string AccessKeyId, string SecretAccessKey, string? SessionToken = null, DateTimeOffset? ExpiresAt = null) : IShortLived
{
    /// <inheritdoc/>
    public string Secret => SecretAccessKey;

    /// <summary>A text in which all of it is blotted out; AWS repeats its token where a signature is wrong.</summary>
    public string WithoutSecrets(string text)
    {
        text = Secrets.Blot(text, SecretAccessKey, "[key]");
        text = Secrets.Blot(text, SessionToken, "[token]");
        return Secrets.Blot(text, AccessKeyId, "[key id]");
    }

    /// <summary>Hides the key from whoever prints it.</summary>
    public override string ToString() => ExpiresAt is { } end ? $"an AWS key until {end:O}" : "an AWS key";
}
