using System.Diagnostics;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Clients;

/// <summary>LangChain's own agent server with the graphs of tests/clients, as a process of its own on a free port.</summary>
public sealed class LangGraphDouble : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private Process? process;

    /// <summary>Where it listens, e.g. <c>http://127.0.0.1:41234</c>.</summary>
    public string Url { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Node.Need("@langchain/langgraph-api");
        process = Node.Start("langgraph-double.mjs", folder.Path);
        var errors = process.StandardError.ReadToEndAsync();

        // It logs to the same output before it tells its address.
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) is { } line)
        {
            if (line.StartsWith("http://", StringComparison.Ordinal))
            {
                Url = line;
                _ = process.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException($"The agent server did not start: {await errors}");
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

        folder.Dispose();
    }
}
