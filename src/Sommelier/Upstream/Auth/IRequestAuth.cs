namespace Sommelier.Upstream.Auth;

/// <summary>Shows a provider who we are where a header that never changes does not do: signatures, short-lived tokens.</summary>
internal interface IRequestAuth
{
    /// <summary>Adds what the provider wants to see. Runs after the body is written, once per attempt.</summary>
    /// <param name="request">Complete but for this.</param>
    /// <param name="body">The body as it will be sent.</param>
    /// <param name="cancellationToken">Ends this caller's wait only: a token that others wait for is still fetched.</param>
    /// <exception cref="Wire.UpstreamException">No credentials can be had.</exception>
    ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>A text in which our secrets, should a vendor repeat them, are blotted out.</summary>
    string WithoutSecrets(string text);
}
