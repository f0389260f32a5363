using System.Net;
using Sommelier.Canonical;

namespace Sommelier.Upstream.Media;

/// <summary>Fetches media from the public internet, one file at a time, with no key, cookie or proxy.</summary>
internal sealed class MediaFetcher : IDisposable
{
    private const int MaxRedirects = 3;

    private readonly HttpMessageInvoker http;
    private readonly TimeProvider time;

    /// <summary>A fetcher; one serves all calls.</summary>
    /// <param name="time">The clock of the time limits.</param>
    /// <param name="resolve">The addresses of a name; by default those that the system knows.</param>
    public MediaFetcher(TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        this.time = time;
        http = new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ActivityHeadersPropagator = null,
                AutomaticDecompression = DecompressionMethods.None,

                // A connection serves one file, so that each is checked under the rules of its own call.
                PooledConnectionLifetime = TimeSpan.Zero,
                ResponseDrainTimeout = TimeSpan.Zero,
                ConnectTimeout = TimeSpan.FromMinutes(1),
                ConnectCallback = new MediaConnector(resolve ?? Dns.GetHostAddressesAsync).ConnectAsync,
            },
            disposeHandler: true);
    }

    /// <summary>How much of it is held in the whole process.</summary>
    public MediaRoom Room { get; } = new();

    /// <summary>Fetches a file, which is the caller's to dispose.</summary>
    /// <param name="address">Where it lies.</param>
    /// <param name="kind">What it must be.</param>
    /// <param name="options">The limits.</param>
    /// <param name="budget">What all files of the call may still weigh.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="MediaRefusedException">It cannot or must not be had, or is not what it should be.</exception>
    public async Task<FetchedFile> FetchAsync(string address, MediaKind kind, MediaOptions options, MediaBudget budget, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            var uri = Checked(Uri.TryCreate(address, UriKind.Absolute, out var parsed) ? parsed : null, options);
            for (var redirects = 0; ; redirects++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, uri);
                request.Options.Set(MediaConnector.OptionsKey, options);
                request.Headers.TryAddWithoutValidation("User-Agent", "sommelier");
                request.Headers.TryAddWithoutValidation("Accept", "*/*");
                using var response = await http.SendAsync(request, either.Token);
                if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                {
                    return await ReadAsync(response, kind, options, budget, either.Token);
                }

                uri = redirects < MaxRedirects
                    ? Checked(response.Headers.Location is { } next && Uri.TryCreate(uri, next, out var target) ? target : null, options)
                    : throw new MediaRefusedException($"it was redirected more than {MaxRedirects} times");
            }
        }
        catch (MediaRefusedException refused) when (refused.IsBusy)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new MediaRefusedException($"it did not come within {options.Timeout.TotalSeconds:0.#} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UriFormatException)
        {
            throw error.InnerException as MediaRefusedException ?? MediaRefusedException.Unreachable();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static Uri Checked(Uri? uri, MediaOptions options)
    {
        if (uri is null || uri.Scheme is not ("http" or "https"))
        {
            throw new MediaRefusedException("only http and https addresses are fetched");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw new MediaRefusedException("an address with a user name or password is not fetched");
        }

        return uri.Port is 80 or 443 || options.Allows(uri.IdnHost) ? uri : throw new MediaRefusedException("only the ports 80 and 443 are fetched from");
    }

    private async Task<FetchedFile> ReadAsync(HttpResponseMessage response, MediaKind kind, MediaOptions options, MediaBudget budget, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new MediaRefusedException($"the server answered with status {(int)response.StatusCode}");
        }

        var length = response.Content.Headers.ContentLength ?? options.MaxBytes;
        if (length > options.MaxBytes)
        {
            throw TooLarge(options);
        }

        // Room for all of it at once: many that each hold a half would wait for each other.
        await EnterAsync(length, options, cancellationToken);
        var body = new ChunkedBytes();
        try
        {
            await FillAsync(body, response, options, budget, cancellationToken);
            var type = MediaSniffer.Check(body.Beginning, response.Content.Headers.ContentType?.MediaType, kind);
            Room.Leave(length - body.Length);
            return new(type, body, Room);
        }
        catch
        {
            body.Dispose();
            Room.Leave(length);
            throw;
        }
    }

    private async ValueTask EnterAsync(long length, MediaOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await Room.EnterAsync(length, options.MaxBytesInFlight, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new MediaRefusedException($"the gateway holds as much media as it may, and no room came within {options.Timeout.TotalSeconds:0.#} s") { IsBusy = true };
        }
    }

    private static async Task FillAsync(ChunkedBytes body, HttpResponseMessage response, MediaOptions options, MediaBudget budget, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (await stream.ReadAsync(body.GetMemory(), cancellationToken) is > 0 and var read)
        {
            body.Advance(read);
            if (body.Length > options.MaxBytes)
            {
                throw TooLarge(options);
            }

            if (!budget.Take(read))
            {
                throw new MediaRefusedException($"the files of the request are larger than {options.MaxCallBytes} bytes together");
            }
        }
    }

    private static MediaRefusedException TooLarge(MediaOptions options) => new($"it is larger than {options.MaxBytes} bytes");
}
