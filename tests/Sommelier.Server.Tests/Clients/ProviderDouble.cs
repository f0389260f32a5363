using System.Diagnostics;

namespace Sommelier.Server.Tests.Clients;

/// <summary>The third-party double that stands in for the providers, as a process of its own on a free port.</summary>
public sealed class ProviderDouble : IAsyncLifetime
{
    private Process? process;

    /// <summary>Where it listens, e.g. <c>http://127.0.0.1:41234</c>.</summary>
    public string Url { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        process = Node.Start("double.mjs");
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Url = line ?? throw new InvalidOperationException($"The double did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
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
