using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Sommelier.Upstream.Auth;

/// <summary>Signs requests to AWS with the key of an account.</summary>
/// <remarks>Signed are host, content type, the body's hash, and every <c>x-amz…</c> header, which is what AWS demands.</remarks>
internal sealed class AwsSigV4Auth : IRequestAuth
{
    private readonly AwsAuthOptions options;
    private readonly IAwsCredentialSource source;
    private readonly SigV4Signer signer;
    private readonly TimeProvider time;

    /// <summary>Signs as the options say.</summary>
    public AwsSigV4Auth(AwsAuthOptions options, SendRequest send, TimeProvider time, ILogger? logger = null)
    {
        (this.options, this.time) = (options, time);
        source = options.CreateSource(send, time, logger);
        signer = new(options.Region, options.Service);
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        // The configuration's own header wins, as everywhere.
        if (request.Headers.NonValidated.Contains("Authorization"))
        {
            return ValueTask.CompletedTask;
        }

        var credentials = source.GetAsync(cancellationToken);
        if (!credentials.IsCompletedSuccessfully)
        {
            return AwaitAsync(credentials, request, body);
        }

        Sign(request, body.Span, credentials.Result);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public string WithoutSecrets(string text) => source.WithoutSecrets(text);

    /// <inheritdoc/>
    public override string ToString() => $"signatures for {options}";

    private async ValueTask AwaitAsync(ValueTask<AwsCredentials> credentials, HttpRequestMessage request, ReadOnlyMemory<byte> body)
    {
        var key = await credentials;
        Sign(request, body.Span, key);
    }

    private void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, AwsCredentials credentials)
    {
        var uri = request.RequestUri!;
        var headers = new List<KeyValuePair<string, string>>(4) { new("host", request.Headers.Host ?? HostOf(uri)) };
        if (request.Content is { } content && content.Headers.NonValidated.TryGetValues("Content-Type", out var type))
        {
            headers.Add(new("content-type", type.ToString()));
        }

        foreach (var (name, value) in request.Headers.NonValidated)
        {
            if (name.StartsWith("x-amz", StringComparison.OrdinalIgnoreCase))
            {
                headers.Add(new(name, value.ToString()));
            }
        }

        var query = uri.Query;
        var signature = signer.Sign(
            new()
            {
                Method = request.Method.Method,
                Path = uri.AbsolutePath,
                Query = query.Length > 0 ? query.AsSpan(1) : default,
                Headers = CollectionsMarshal.AsSpan(headers),
                Body = body,
            },
            credentials,
            time.GetUtcNow());

        request.Headers.TryAddWithoutValidation("X-Amz-Date", signature.Date);
        request.Headers.TryAddWithoutValidation("X-Amz-Content-Sha256", signature.ContentHash);
        if (signature.SecurityToken is { } token)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", token);
        }

        request.Headers.TryAddWithoutValidation("Authorization", signature.Authorization);
    }

    // As the HTTP stack writes the header.
    private static string HostOf(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort ? host : $"{host}:{uri.Port}";
    }
}
