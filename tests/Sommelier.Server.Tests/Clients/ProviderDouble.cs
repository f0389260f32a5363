using System.Diagnostics;

namespace Sommelier.Server.Tests.Clients;

/// <summary>The third-party double that stands in for the providers, as a process of its own on a free port.</summary>
public class ProviderDouble : IAsyncLifetime
{
    private Process? process;

    /// <summary>The script that starts it, and its arguments.</summary>
    protected virtual string[] Script => ["double.mjs"];

    /// <summary>Where it listens, e.g. <c>http://127.0.0.1:41234</c>.</summary>
    public string Url { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        process = Node.Start(Script[0], Script[1..]);
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Url = line ?? throw new InvalidOperationException($"The double did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (process is { } running)
        {
            // It stops when its input ends.
            running.StandardInput.Close();
            if (!running.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                running.Kill(entireProcessTree: true);
                await running.WaitForExitAsync();
            }

            running.Dispose();
        }
    }
}
