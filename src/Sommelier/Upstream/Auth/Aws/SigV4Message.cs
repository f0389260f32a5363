using System.Runtime.InteropServices;

namespace Sommelier.Upstream.Auth;

/// <summary>A request's signature. Signed are host, content type, the body's hash, and every <c>x-amz…</c> header, which is what AWS demands.</summary>
internal static class SigV4Message
{
    /// <summary>Adds the headers.</summary>
    public static void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, AwsCredentials credentials, SigV4Signer signer, DateTimeOffset now)
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
            now);

        request.Headers.TryAddWithoutValidation("X-Amz-Date", signature.Date);
        request.Headers.TryAddWithoutValidation("X-Amz-Content-Sha256", signature.ContentHash);
        if (signature.SecurityToken is { } token)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", token);
        }

        request.Headers.TryAddWithoutValidation("Authorization", signature.Authorization);
    }

    /// <summary>Takes a signature off again.</summary>
    public static void Strip(HttpRequestMessage request)
    {
        request.Headers.Remove("Authorization");
        request.Headers.Remove("X-Amz-Date");
        request.Headers.Remove("X-Amz-Content-Sha256");
        request.Headers.Remove("X-Amz-Security-Token");
    }

    // As the HTTP stack writes the header.
    private static string HostOf(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort ? host : $"{host}:{uri.Port}";
    }
}
