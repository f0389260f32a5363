using Microsoft.Extensions.Logging;

namespace Sommelier.Upstream.Auth;

/// <summary>Shows requests' receivers a bearer token, renewed in time.</summary>
/// <param name="source">Whom tokens are fetched from, in words that begin a sentence.</param>
/// <param name="fetch">Fetches a new one.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when a token could not be renewed while the old one still works.</param>
internal sealed class BearerTokens(string source, Func<CancellationToken, Task<BearerToken>> fetch, TimeProvider time, ILogger? logger = null)
{
    private const string Header = "Authorization";

    private readonly Renewed<BearerToken> tokens = new(source, fetch, time, logger);

    /// <summary>Sets the header <c>Authorization</c>; one that the configuration has set stays, and no token is fetched.</summary>
    /// <exception cref="Wire.UpstreamException">No token can be had.</exception>
    public ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.NonValidated.Contains(Header))
        {
            return ValueTask.CompletedTask;
        }

        var token = tokens.GetAsync(cancellationToken);
        if (!token.IsCompletedSuccessfully)
        {
            return AwaitAsync(token, request);
        }

        request.Headers.TryAddWithoutValidation(Header, token.Result.Header);
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes back the token that a request was refused with, where there is another one now: see <see cref="Renewed{T}.ReplaceAsync"/>.</summary>
    /// <returns>Whether <see cref="ApplyAsync"/> is worth another request.</returns>
    public async ValueTask<bool> ReplaceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A header of the configuration is none of ours.
        var shown = request.Headers.NonValidated.TryGetValues(Header, out var values) ? values.ToString() : null;
        var refused = IsOf(shown, tokens.Current) ?? IsOf(shown, tokens.Previous);
        return refused is not null && await tokens.ReplaceAsync(refused, cancellationToken) && request.Headers.Remove(Header);
    }

    /// <summary>A text in which the tokens in use are blotted out.</summary>
    public string WithoutTokens(string text) =>
        Secrets.Blot(Secrets.Blot(text, tokens.Current?.Value, "[token]"), tokens.Previous?.Value, "[token]");

    private static BearerToken? IsOf(string? shown, BearerToken? token) => string.Equals(shown, token?.Header, StringComparison.Ordinal) ? token : null;

    private static async ValueTask AwaitAsync(ValueTask<BearerToken> token, HttpRequestMessage request) =>
        request.Headers.TryAddWithoutValidation(Header, (await token).Header);
}
