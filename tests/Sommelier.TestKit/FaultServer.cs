using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sommelier.TestKit;

/// <summary>A model provider that fails as told: an HTTP/1.1 server on a free port of 127.0.0.1 that plays one scripted reply per request.</summary>
/// <remarks>
/// It writes its own bytes, because a web framework would not let it cut, reset or misframe a reply. When the script is
/// used up the last reply is played again.
/// </remarks>
public sealed class FaultServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Socket, byte> sockets = new();
    private readonly FaultReply[] script;
    private readonly List<SeenRequest> requests = [];
    private readonly List<TaskCompletionSource<SeenRequest>> waiters = [];
    private readonly Task accepting;

    /// <summary>Starts a server.</summary>
    public FaultServer(params FaultReply[] script)
    {
        this.script = script.Length > 0 ? script : throw new ArgumentException("Give at least one reply.", nameof(script));
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
        var connection = new Connection(socket);
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
            // The other side is gone, which is what many tests are about.
        }
        finally
        {
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
            return script[Math.Min(requests.Count, script.Length) - 1];
        }
    }

    // False when the connection is not to be used again.
    private static async Task<bool> PlayAsync(Connection connection, SeenRequest request, FaultReply reply)
    {
        _ = connection.Closed.ContinueWith(_ => request.MarkClosed(), TaskScheduler.Default);
        if (!reply.Silent)
        {
            if (reply.GateBefore < 0)
            {
                await Task.WhenAny(reply.Gate, connection.Closed);
            }

            await connection.WriteAsync(Encoding.ASCII.GetBytes(Head(reply)));
            for (var i = 0; i < reply.Pieces.Count; i++)
            {
                if (i == reply.GateBefore)
                {
                    request.MarkPlayed();
                    await Task.WhenAny(reply.Gate, connection.Closed);
                }

                await connection.WriteAsync(Framed(reply, reply.Bytes(reply.Pieces[i])));
            }
        }

        if (reply.End == FaultEnd.Complete && reply.Framing == BodyFraming.Chunked)
        {
            await connection.WriteAsync(Encoding.Latin1.GetBytes("0\r\n\r\n" + reply.Trailing));
        }

        request.MarkPlayed();
        switch (reply.End)
        {
            case FaultEnd.Hang:
                await connection.Closed;
                return false;
            case FaultEnd.Reset:
                connection.Reset();
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
        var head = new StringBuilder($"HTTP/1.1 {reply.Status} Scripted\r\n");
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

    private sealed class Connection
    {
        private readonly Socket socket;
        private readonly Pipe pipe = new(new(pauseWriterThreshold: 0));

        public Connection(Socket socket)
        {
            this.socket = socket;
            Closed = PumpAsync();
        }

        // Done when the other side has closed or the socket is gone.
        public Task Closed { get; }

        public async Task WriteAsync(byte[] bytes)
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent));
            }
        }

        public void Reset()
        {
            socket.LingerState = new(true, 0);
            socket.Close();
        }

        public async Task<SeenRequest?> ReadRequestAsync()
        {
            while (true)
            {
                var read = await pipe.Reader.ReadAsync();
                var text = Encoding.Latin1.GetString(read.Buffer);
                var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end >= 0)
                {
                    var lines = text[..end].Split("\r\n");
                    var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
                        .ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "", StringComparer.OrdinalIgnoreCase);
                    var length = headers.TryGetValue("Content-Length", out var said) ? int.Parse(said, CultureInfo.InvariantCulture) : 0;
                    if (text.Length >= end + 4 + length)
                    {
                        var body = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text.Substring(end + 4, length)));
                        pipe.Reader.AdvanceTo(read.Buffer.GetPosition(end + 4 + length));
                        var first = lines[0].Split(' ');
                        return new() { Method = first[0], Path = first[1], Headers = headers, Body = body };
                    }
                }

                if (read.IsCompleted)
                {
                    return null;
                }

                pipe.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }

        private async Task PumpAsync()
        {
            try
            {
                while (true)
                {
                    var read = await socket.ReceiveAsync(pipe.Writer.GetMemory(16 * 1024));
                    if (read == 0)
                    {
                        break;
                    }

                    pipe.Writer.Advance(read);
                    await pipe.Writer.FlushAsync();
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Gone: that is the answer.
            }

            await pipe.Writer.CompleteAsync();
        }
    }
}
