using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sommelier.Server.Tests.Ledger;

/// <summary>The real executable, <c>serve</c> in a process of its own, that can be killed and started again on its data folder.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly StringBuilder said = new();
    private readonly Process process;

    private ServerProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>Everything it has said.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    /// <summary>An address where nobody listens yet.</summary>
    public static string FreeUrl()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return $"http://{probe.LocalEndpoint}";
    }

    /// <summary>Starts it, and does not wait. It bears a limit of file sizes as it bears a full disk: with an error.</summary>
    public static ServerProcess Start(string configuration, string data, string url)
    {
        // The signal that a file grew too large would end it; ignored, it becomes an error of the write.
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "-c", "trap '' XFSZ; exec \"$0\" \"$@\"", "dotnet", typeof(Program).Assembly.Location, "serve", "-c", configuration, "--data", data, "--urls", url },
        };
        return new(Process.Start(start)!);
    }

    /// <summary>Waits until it serves.</summary>
    public async Task ReadyAsync(HttpClient http, string url)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            Assert.False(process.HasExited, $"The server ended by itself:\n{Said}");
            try
            {
                using var reply = await http.GetAsync(new Uri($"{url}/health/live"));
                if (reply.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), $"The server does not serve:\n{Said}");
            await Task.Delay(20);
        }
    }

    /// <summary>Lets it write no byte to any file, as a full disk does, or as many as it likes again.</summary>
    public async Task LetWriteAsync(bool any)
    {
        using var limit = Process.Start("prlimit", ["--pid", process.Id.ToString(CultureInfo.InvariantCulture), any ? "--fsize=unlimited:" : "--fsize=0:"]);
        await limit.WaitForExitAsync();
        Assert.Equal(0, limit.ExitCode);
    }

    /// <summary>SIGKILL: no warning, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private void Note(string? line)
    {
        lock (said)
        {
            said.AppendLine(line);
        }
    }
}
