using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace Sommelier.Server.Conformance.Callers;

/// <summary>Sends requests to the gateway under test, and reports what comes back, to the last byte.</summary>
/// <param name="target">Where the gateway listens.</param>
/// <param name="key">The key that is shown to it.</param>
/// <param name="headers">Of every request, beside the key's.</param>
/// <param name="portkeyUpstream">The upstream that a Portkey gateway is told to ask; null for gateways that know theirs.</param>
/// <param name="patience">How long a reply may take, head and body together.</param>
/// <param name="time">The clock.</param>
internal sealed class Caller(Uri target, string key, IReadOnlyList<KeyValuePair<string, string>> headers, string? portkeyUpstream, TimeSpan patience, TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    /// <summary>Asks once. Failures are what was seen, not exceptions.</summary>
    /// <param name="dialect">How to ask.</param>
    /// <param name="model">The model to ask for.</param>
    /// <param name="streamed">Whether to ask for a stream.</param>
    /// <param name="seen">Is done when something of the body has come, or nothing more will.</param>
    /// <param name="cancellationToken">Ends the run; that is an exception.</param>
    public async Task<CallerView> AskAsync(CallerDialect dialect, string model, bool streamed, TaskCompletionSource seen, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var view = new CallerView();
        using var body = new MemoryStream();
        var gzip = false;
        try
        {
            using var request = Request(dialect, model, streamed);
            using var reply = await http.SendAsync(request, either.Token);
            view = view with { Status = (int)reply.StatusCode, RetryAfter = RetryAfter(reply.Headers) };
            gzip = reply.Content.Headers.ContentEncoding.Contains("gzip");
            await using var stream = await reply.Content.ReadAsStreamAsync(either.Token);
            var buffer = new byte[64 * 1024];
            while (await stream.ReadAsync(buffer, either.Token) is var read and > 0)
            {
                body.Write(buffer, 0, read);
                seen.TrySetResult();
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            view = view with { Broken = failure.Message };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            view = view with { TimedOut = true };
        }
        finally
        {
            seen.TrySetResult();
        }

        return view with { Body = Encoding.UTF8.GetString(gzip ? Unpack(body.ToArray()) : body.ToArray()), Duration = time.GetElapsedTime(begun) };
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(CallerDialect dialect, string model, bool streamed)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(target, dialect.Path(model, streamed)))
        {
            Content = new StringContent(dialect.Body(model, streamed), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        if (dialect is AnthropicCaller)
        {
            request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
        }

        if (portkeyUpstream is not null)
        {
            request.Headers.TryAddWithoutValidation("x-portkey-provider", dialect.Provider);
            request.Headers.TryAddWithoutValidation("x-portkey-custom-host", portkeyUpstream);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static int? RetryAfter(HttpResponseHeaders headers) =>
        headers.TryGetValues("Retry-After", out var values) && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    // What cannot be unpacked stays as it is, and will be no answer.
    private static byte[] Unpack(byte[] packed)
    {
        try
        {
            using var plain = new MemoryStream();
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            gzip.CopyTo(plain);
            return plain.ToArray();
        }
        catch (InvalidDataException)
        {
            return packed;
        }
    }
}
