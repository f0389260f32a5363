using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace Sommelier.Server.Conformance.Scripted;

/// <summary>One connection of a <see cref="FaultServer"/>: reads requests, writes any bytes, and knows when the other side has left.</summary>
internal sealed class ScriptedConnection
{
    private readonly Socket socket;
    private readonly Pipe pipe = new(new(pauseWriterThreshold: 0));

    public ScriptedConnection(Socket socket)
    {
        this.socket = socket;
        Closed = PumpAsync();
    }

    /// <summary>Done when the other side has closed or the socket is gone.</summary>
    public Task Closed { get; }

    /// <summary>Sends bytes at once.</summary>
    public async Task WriteAsync(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent));
        }
    }

    /// <summary>Waits, but not for somebody who has left.</summary>
    public async ValueTask PauseAsync(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            await Task.WhenAny(Task.Delay(pause, TimeProvider.System), Closed);
        }
    }

    /// <summary>Resets the connection.</summary>
    public void Reset()
    {
        socket.LingerState = new(true, 0);
        socket.Close();
    }

    /// <summary>Ends the connection in good order: to dispose of a socket that is being read from would reset it.</summary>
    public async ValueTask CloseAsync()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        await Closed;
    }

    /// <summary>Ends our direction and leaves the other open.</summary>
    public void StopSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next request, with a body of a length or in chunks; null when there is none.</summary>
    public async Task<SeenRequest?> ReadRequestAsync()
    {
        while (true)
        {
            var read = await pipe.Reader.ReadAsync();
            if (Parse(read.Buffer, out var used) is { } request)
            {
                pipe.Reader.AdvanceTo(read.Buffer.GetPosition(used));
                return request;
            }

            if (read.IsCompleted)
            {
                return null;
            }

            pipe.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static SeenRequest? Parse(ReadOnlySequence<byte> bytes, out int used)
    {
        used = 0;
        var text = Encoding.Latin1.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var lines = text[..end].Split("\r\n");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.AsSpan(1))
        {
            var pair = line.Split(':', 2);
            headers[pair[0]] = pair.Length > 1 ? pair[1].Trim() : "";
        }

        var body = headers.ContainsKey("Transfer-Encoding") ? Chunks(text, end + 4, out used) : Counted(text, end + 4, headers, out used);
        var first = lines[0].Split(' ');
        return body is null
            ? null
            : new() { Method = first[0], Path = first[1], Headers = headers, Body = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)) };
    }

    private static string? Counted(string text, int start, Dictionary<string, string> headers, out int used)
    {
        var length = headers.TryGetValue("Content-Length", out var said) ? int.Parse(said, CultureInfo.InvariantCulture) : 0;
        used = start + length;
        return text.Length >= used ? text.Substring(start, length) : null;
    }

    private static string? Chunks(string text, int at, out int used)
    {
        var body = new StringBuilder();
        used = 0;
        while (text.IndexOf("\r\n", at, StringComparison.Ordinal) is var end and >= 0)
        {
            var size = int.Parse(text[at..end].Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (text.Length < end + 4 + size)
            {
                return null;
            }

            body.Append(text, end + 2, size);
            at = end + 4 + size;
            if (size == 0)
            {
                used = at;
                return body.ToString();
            }
        }

        return null;
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
