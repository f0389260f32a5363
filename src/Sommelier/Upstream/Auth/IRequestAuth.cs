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

    /// <summary>
    /// Looks at a refusal. Where it is about a token or key that was fetched, another one is fetched, once for all who were
    /// refused with it, and the request is made ready for <see cref="ApplyAsync"/> once more.
    /// </summary>
    /// <param name="request">As it was sent.</param>
    /// <param name="status">The reply's status, 400 to 499.</param>
    /// <param name="header">The reply's header of a name, or null.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <returns>Whether the request is worth sending again: not with a key that never changes, nor when none or the same is given out.</returns>
    ValueTask<bool> RenewAsync(HttpRequestMessage request, int status, Func<string, string?> header, CancellationToken cancellationToken);

    /// <summary>A text in which our secrets, should a vendor repeat them, are blotted out.</summary>
    string WithoutSecrets(string text);
}
