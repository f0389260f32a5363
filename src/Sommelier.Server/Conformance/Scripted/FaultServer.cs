using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sommelier.Server.Conformance.Scripted;

/// <summary>A model provider that fails as told: an HTTP/1.1 server on a port of 127.0.0.1 that plays one scripted reply per request.</summary>
/// <remarks>
/// It writes its own bytes, because a web framework would not let it cut, reset or misframe a reply. When a script is
/// used up its last reply is played again.
/// </remarks>
public sealed class FaultServer : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Socket, byte> sockets = new();
    private readonly Func<SeenRequest, int, FaultReply> choose;
    private readonly List<SeenRequest> requests = [];
    private readonly List<TaskCompletionSource<SeenRequest>> waiters = [];
    private readonly Task accepting;

    /// <summary>Starts a server on a free port that plays a script.</summary>
    public FaultServer(params FaultReply[] script)
        : this(0, (_, number) => script[Math.Min(number, script.Length - 1)])
    {
        if (script.Length == 0)
        {
            throw new ArgumentException("Give at least one reply.", nameof(script));
        }
    }

    /// <summary>Starts a server whose reply is chosen anew for each request.</summary>
    /// <param name="port">Where it listens; 0 for a free port.</param>
    /// <param name="choose">The reply to a request with its number, from 0. Called by one thread at a time.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public FaultServer(int port, Func<SeenRequest, int, FaultReply> choose)
    {
        this.choose = choose;
        listener = new(IPAddress.Loopback, port);
        listener.Start();
        Address = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens; ends with a slash.</summary>
    public Uri Address { get; }

    /// <summary>The requests so far, in the order in which they were read.</summary>
    public IReadOnlyList<SeenRequest> Requests
    {
        get
        {
            lock (requests)
            {
                return [.. requests];
            }
        }
    }

    /// <summary>An address where nobody listens.</summary>
    public static Uri Refused()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return new($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
    }

    /// <summary>The request of a number, from 0, once it has been read.</summary>
    public Task<SeenRequest> RequestAsync(int number)
    {
        lock (requests)
        {
            return Waiter(number).Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        foreach (var socket in sockets.Keys)
        {
            socket.Dispose();
        }

        await accepting;
        stopping.Dispose();
    }

    private TaskCompletionSource<SeenRequest> Waiter(int number)
    {
        while (waiters.Count <= number)
        {
            waiters.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return waiters[number];
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                socket.NoDelay = true;
                sockets.TryAdd(socket, 0);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var connection = new ScriptedConnection(socket);
        try
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                if (!await PlayAsync(connection, request, Take(request)))
                {
                    break;
                }
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side is gone, which is what many cases are about.
        }
        finally
        {
            await connection.CloseAsync();
            sockets.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    private FaultReply Take(SeenRequest request)
    {
        lock (requests)
        {
            requests.Add(request);
            Waiter(requests.Count - 1).TrySetResult(request);
            return choose(request, requests.Count - 1);
        }
    }

    // False when the connection is not to be used again.
    private static async Task<bool> PlayAsync(ScriptedConnection connection, SeenRequest request, FaultReply reply)
    {
        _ = connection.Closed.ContinueWith(_ => request.MarkClosed(), TaskScheduler.Default);
        if (!reply.Silent)
        {
            if (reply.GateBefore < 0)
            {
                await Task.WhenAny(reply.Gate, connection.Closed);
            }

            if (reply.Framing != BodyFraming.Raw)
            {
                await connection.WriteAsync(Encoding.ASCII.GetBytes(Head(reply)));
            }

            for (var i = 0; i < reply.Pieces.Count; i++)
            {
                if (i == reply.GateBefore)
                {
                    request.MarkPlayed();
                    await Task.WhenAny(reply.Gate, connection.Closed);
                }

                await connection.WriteAsync(Framed(reply, reply.Bytes(reply.Pieces[i])));
                await connection.PauseAsync(reply.Pause);
            }
        }

        if (reply.End == FaultEnd.Complete && reply.Framing == BodyFraming.Chunked)
        {
            await connection.WriteAsync(Encoding.Latin1.GetBytes("0\r\n\r\n" + reply.Trailing));
        }

        request.MarkPlayed();
        return await EndAsync(connection, reply);
    }

    private static async Task<bool> EndAsync(ScriptedConnection connection, FaultReply reply)
    {
        switch (reply.End)
        {
            case FaultEnd.Hang:
                await connection.Closed;
                return false;
            case FaultEnd.Reset:
                connection.Reset();
                return false;
            case FaultEnd.HalfClose:
                connection.StopSending();
                await connection.Closed;
                return false;
            case FaultEnd.Repeat:
                while (!connection.Closed.IsCompleted)
                {
                    await connection.PauseAsync(reply.Pause);
                    await connection.WriteAsync(Framed(reply, reply.Bytes(reply.Pieces[^1])));
                }

                return false;
            default:
                return reply.End == FaultEnd.Complete && reply.Framing != BodyFraming.Close && reply.Trailing.Length == 0;
        }
    }

    private static byte[] Framed(FaultReply reply, byte[] piece) => reply.Framing == BodyFraming.Chunked
        ? [.. Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. piece, .. "\r\n"u8]
        : piece;

    private static string Head(FaultReply reply)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/{(reply.Http10 ? "1.0" : "1.1")} {reply.Status} Scripted\r\n");
        if (reply.ContentType is { } type)
        {
            head.Append("Content-Type: ").Append(type).Append("\r\n");
        }

        foreach (var (name, value) in reply.Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        head.Append(reply.Framing switch
        {
            BodyFraming.Chunked => "Transfer-Encoding: chunked\r\n",
            BodyFraming.ContentLength => $"Content-Length: {reply.DeclaredLength ?? reply.Pieces.Sum(piece => reply.Bytes(piece).Length)}\r\n",
            _ => "Connection: close\r\n",
        });
        return head.Append("\r\n").ToString();
    }
}
