using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sommelier.Ledger;

namespace Sommelier.Tests.Ledger;

/// <summary>A second process of this very executable that works on a ledger until it is killed.</summary>
/// <remarks>
/// It plays gateway and upstream: what it has opened and settled it writes to a file of its own, which survives it as an
/// upstream's own account would.
/// </remarks>
internal static class KilledProcess
{
    private const string Setting = "SOMMELIER_TEST_LEDGER_CHILD";
    private const int Progress = 100;

    /// <summary>Starts it, waits until it has settled so many requests, and kills it without a warning.</summary>
    public static async Task RunAsync(string folder, int requests)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, FileName = Environment.ProcessPath! };
        if (Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(KilledProcess).Assembly.Location);
        }

        start.Environment[Setting] = folder;
        using var process = Process.Start(start)!;
        for (var seen = 0; seen < requests; seen += Progress)
        {
            Assert.NotNull(await process.StandardOutput.ReadLineAsync());
        }

        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>What it wrote down: ids that it opened, and those that it settled.</summary>
    public static (List<string> Opened, List<string> Settled) Account(string folder)
    {
        List<string> opened = [], settled = [];
        foreach (var file in Directory.GetFiles(folder, "account-*"))
        {
            // A line that was cut off has not been said.
            var text = File.ReadAllText(file);
            foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                (line[0] == 'O' ? opened : settled).Add(line[1..]);
            }
        }

        return (opened, settled);
    }

    public static LedgerOptions Options(string folder) => new()
    {
        DatabasePath = Path.Combine(folder, "ledger.db"),
        JournalFolder = Path.Combine(folder, "journal"),
        JournalSegmentBytes = 64 * 1024,
        QueueCapacity = 256,
    };

    // Runs before the test runner's own entry point, and instead of it when this is the second process.
    [ModuleInitializer]
    internal static void Enter()
    {
        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } folder)
        {
            Work(folder);
        }
    }

    // One thread: any other that ran this assembly's code would wait for the initializer to end, which it never does.
    private static void Work(string folder)
    {
        var ledger = RequestLedger.OpenAsync(Options(folder), TimeProvider.System, NullLogger.Instance, default).AsTask().GetAwaiter().GetResult();
        var ids = new RequestIdGenerator(TimeProvider.System);
        using var account = new FileStream(Path.Combine(folder, $"account-{Environment.ProcessId}"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        for (var n = 1; ; n++)
        {
            var id = ids.Next();
            var ticket = ledger.Open(Entries.Opening(0) with { RequestId = id });
            Say(account, 'O', id);
            ledger.Settle(ticket, Entries.Settled(0) with { RequestId = id });
            Say(account, 'S', id);
            if (n % Progress == 0)
            {
                Console.Out.WriteLine(n);
            }
        }
    }

    private static void Say(FileStream file, char what, string id) => file.Write(Encoding.ASCII.GetBytes($"{what}{id}\n"));
}
