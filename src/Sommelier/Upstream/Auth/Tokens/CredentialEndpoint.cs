using System.Net;
using Sommelier.Canonical;
using Sommelier.Telemetry;
using Sommelier.Wire;

namespace Sommelier.Upstream.Auth;

/// <summary>Asks an address that gives out credentials and puts its refusals into our words.</summary>
/// <param name="send">Sends.</param>
/// <param name="source">Who is asked, in words that begin a sentence.</param>
/// <param name="remedy">What to look at when it refuses, as a sentence.</param>
/// <param name="withoutSecrets">Blots out what it was shown.</param>
internal sealed class CredentialEndpoint(SendRequest send, string source, string remedy, Func<string, string> withoutSecrets)
{
    private const int MaxAnswerBytes = 256 * 1024;

    /// <summary>How long connecting to a metadata server may take: it stands next door, or this is another cloud.</summary>
    public static readonly TimeSpan ConnectNextDoor = TimeSpan.FromSeconds(2);

    /// <summary>Who is asked, in words that begin a sentence.</summary>
    public string Source => source;

    /// <summary>Sends a request, which is disposed, and gives the body of the answer.</summary>
    /// <exception cref="UpstreamException">It cannot be reached, or refuses.</exception>
    public async Task<byte[]> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                using var response = await send(request, cancellationToken);
                await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                return response.IsSuccessStatusCode ? body : throw Refused(response.StatusCode, body);
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                var failure = TransportFailures.Read(error);
                throw new UpstreamException(new(failure.Kind, $"{source} at {request.RequestUri!.Host} cannot be reached: {SafeText.Of(failure.Message)} {remedy}"));
            }
        }
    }

    private UpstreamException Refused(HttpStatusCode status, byte[] body)
    {
        var kind = (int)status switch
        {
            429 => UpstreamFailureKind.RateLimited,
            408 or >= 500 => UpstreamFailureKind.Unavailable,
            >= 400 => UpstreamFailureKind.AuthenticationFailed,
            _ => UpstreamFailureKind.ProtocolError,
        };

        // Google's own services put code and words one object deeper than OAuth does.
        var members = FlatJson.Read(body, "error") ?? FlatJson.Read(body) ?? FlatXml.Read(body) ?? [];
        var code = members.GetValueOrDefault("status") ?? members.GetValueOrDefault("error") ?? members.GetValueOrDefault("code") ?? members.GetValueOrDefault("Code");
        var words = members.GetValueOrDefault("error_description") ?? members.GetValueOrDefault("message") ?? members.GetValueOrDefault("Message");
        code = code is null ? null : Safe(code);
        var said = (code, words) switch
        {
            (null, null) => "",
            (_, null) => $" {code}.",
            (null, _) => $" {Safe(words)}",
            _ => $" {code}: {Safe(words)}",
        };
        return new(new(kind, $"{source} answered with {(int)status}.{said} {remedy}", Code: code));
    }

    private string Safe(string text) => SafeText.Of(withoutSecrets(text));
}
