using System.Net.Sockets;

namespace Sommelier.Upstream;

/// <summary>The one way out: a shared pool of connections for every provider.</summary>
/// <remarks>
/// HTTP/1.1, no cookies, no redirects (a key must not follow one), no decompression, no proxy. Time limits are the attempt
/// loop's, except for connecting, which happens on behalf of the pool. Another handler can stand in: simulated providers.
/// </remarks>
internal sealed class UpstreamHttp : IDisposable
{
    /// <summary>Carries <see cref="ProviderBinding.ConnectTimeout"/> where it differs from the default.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> ConnectTimeoutKey = new("sommelier.connect-timeout");

    /// <summary>How long connecting may take when the configuration says nothing.</summary>
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker invoker;

    /// <summary>Over the given handler, which is then owned; over a pool of sockets by default.</summary>
    public UpstreamHttp(HttpMessageHandler? handler = null) =>
        invoker = new(handler ?? CreateHandler(TimeProvider.System), disposeHandler: true);

    /// <summary>Over a pool of sockets whose connect limits follow the given clock.</summary>
    public UpstreamHttp(TimeProvider time) => invoker = new(CreateHandler(time), disposeHandler: true);

    /// <summary>Sends a request; the reply's body is not read yet.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        invoker.SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => invoker.Dispose();

    /// <summary>The pool of sockets, whose connect limits follow the given clock.</summary>
    public static SocketsHttpHandler CreateHandler(TimeProvider time) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),

        // An answer that is given up must close its connection at once: a vendor that still writes still bills.
        ResponseDrainTimeout = TimeSpan.Zero,

        // The outer bound, TLS included; the callback holds the connection itself to the provider's own limit.
        ConnectTimeout = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context, time, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var within = context.InitialRequestMessage.Options.TryGetValue(ConnectTimeoutKey, out var own) ? own : DefaultConnectTimeout;
        using var timer = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException error) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"No connection within {within.TotalSeconds:0.#} s.", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
