using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sommelier.TestKit.Services;

/// <summary>A Redis of its own, in memory only; gone when disposed.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string program;
    private Process? process;

    private RedisServer(string program, int port) => (this.program, Port) = (program, port);

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>How to connect, in the form of the configuration.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts one; skips the calling test where Redis is not installed.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer(Service.Program("Redis", "/usr/bin/redis-server", "/usr/bin/valkey-server", "/usr/local/bin/redis-server"), Service.FreePort());
        await server.UpAsync();
        return server;
    }

    /// <summary>Starts it, again after <see cref="DownAsync"/> and then empty.</summary>
    public async Task UpAsync()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        process = Process.Start(new ProcessStartInfo(program, ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"])
        {
            RedirectStandardOutput = true,
        })!;
        _ = process.StandardOutput.ReadToEndAsync();
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (tries < 200 && !process.HasExited)
            {
                await Task.Delay(25);
            }
        }
    }

    /// <summary>Kills it.</summary>
    public async Task DownAsync()
    {
        if (process is { } running)
        {
            running.Kill();
            await running.WaitForExitAsync();
            running.Dispose();
            process = null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DownAsync();
}
