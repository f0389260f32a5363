using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Sommelier.TestKit.Services;

/// <summary>Programs that tests start as plain processes, on loopback and free ports.</summary>
internal static class Service
{
    /// <summary>A port that nobody uses at the moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The first of some paths that exists; skips the calling test when none does, but fails on CI.</summary>
    public static string Program(string name, params IEnumerable<string> paths)
    {
        if (paths.FirstOrDefault(File.Exists) is { } path)
        {
            return path;
        }

        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new FileNotFoundException($"{name} is not installed, and CI needs it: ./test installs it with apt-get.");
        }

        Assert.Skip($"{name} is not installed.");
        throw new UnreachableException();
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public static async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error} {await output}");
        }
    }
}
