using System.Diagnostics;
using Sommelier.Evals.Sandbox;

namespace Sommelier.Tests.Evals.Sandbox;

/// <summary>Programs that really try, in every sandbox that this machine has.</summary>
public sealed class SandboxTests
{
    private static readonly SandboxLimits Tight = new() { WallTime = TimeSpan.FromSeconds(3), CpuSeconds = 2, MemoryMegabytes = 200, Processes = 32, FileMegabytes = 4, OutputKilobytes = 64 };

    public static TheoryData<string> Launchers => ["bubblewrap", "namespaces"];

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Has_no_network(string launcher)
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;

        var outcome = await PythonAsync(launcher, $"""
            import socket
            for address in (('127.0.0.1', {port}), ('1.1.1.1', 53)):
                try:
                    socket.create_connection(address, 1)
                    print('connected')
                except OSError:
                    print('refused')
            try:
                socket.getaddrinfo('example.com', 80)
                print('resolved')
            except OSError:
                print('unresolved')
            """);

        Assert.Equal("refused\nrefused\nunresolved\n", outcome.Output);
        Assert.False(listener.Pending());
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Fork_bomb_stays_small(string launcher)
    {
        var outcome = await PythonAsync(launcher, """
            import os, time
            made = 0
            try:
                while True:
                    if os.fork() == 0:
                        time.sleep(60)
                        os._exit(0)
                    made += 1
            except BlockingIOError:
                print(made)
            """);

        Assert.Equal(SandboxEnd.Exited, outcome.End);
        Assert.InRange(int.Parse(outcome.Output), 1, 32);
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Memory_of_one_process_is_limited(string launcher)
    {
        var outcome = await PythonAsync(launcher, "data = []\nwhile True: data.append(bytearray(10_000_000))");

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("MemoryError", outcome.Error);
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Memory_of_many_processes_is_limited(string launcher)
    {
        var outcome = await PythonAsync(launcher, """
            import os, time
            for _ in range(8):
                if os.fork() == 0:
                    break
            data = bytearray(b'x' * 90_000_000)
            time.sleep(60)
            """);

        Assert.Equal(SandboxEnd.Memory, outcome.End);
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Endless_loop_ends_by_processor_time(string launcher)
    {
        var outcome = await PythonAsync(launcher, "while True: pass", Tight with { WallTime = TimeSpan.FromSeconds(20), CpuSeconds = 1 });

        Assert.Equal(SandboxEnd.Exited, outcome.End);
        Assert.Equal(128 + 9, outcome.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Sleeper_ends_by_wall_time(string launcher)
    {
        var began = Stopwatch.GetTimestamp();

        var outcome = await PythonAsync(launcher, "import time; print('here', flush=True); time.sleep(600)", Tight with { WallTime = TimeSpan.FromSeconds(1) });

        Assert.Equal(SandboxEnd.WallTime, outcome.End);
        Assert.Equal("here\n", outcome.Output);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 1, 6);
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Writes_nothing_but_its_own_temporary_folder(string launcher)
    {
        var outcome = await PythonAsync(launcher, """
            for path in ('/x', '/usr/x', '/task/x', '/etc/x', '/dev/x', '/host/x', '/tmp/x'):
                try:
                    with open(path, 'w') as file:
                        file.write('x')
                    print(path)
                except OSError:
                    pass
            """);

        Assert.Equal("/tmp/x\n", outcome.Output);
        Assert.False(File.Exists("/tmp/x") && File.ReadAllText("/tmp/x") == "x");
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Temporary_folder_is_small(string launcher)
    {
        var outcome = await PythonAsync(launcher, """
            import os
            written = 0
            for folder in ('/tmp', '/dev', '/dev/shm'):
                try:
                    for number in range(40):
                        with open(f'{folder}/{number}', 'wb', buffering=0) as file:
                            written += file.write(b'x' * 1_000_000)
                except OSError:
                    pass
            print(written)
            """);

        Assert.InRange(long.Parse(outcome.Output), 1_000_000, 4_200_000);
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Sees_no_file_and_no_variable_of_ours(string launcher)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var planted = Path.Combine(home, $".sommelier-planted-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(planted, "planted-secret", TestContext.Current.CancellationToken);
        Environment.SetEnvironmentVariable("SOMMELIER_PLANTED_KEY", "planted-secret");
        try
        {
            var outcome = await PythonAsync(launcher, $"""
                import os, sys
                print(sorted(os.environ))
                print(os.path.exists('{planted}'), os.path.exists('/etc/passwd'), os.path.exists('/etc/shadow'), os.path.exists('/root'), os.path.exists('/home'))
                print(sorted(os.listdir('/')), os.listdir('/tmp'), os.listdir('/task'))
                try:
                    print(os.listdir('/host'))
                except OSError as error:
                    print('closed')
                found = []
                for process in (os.listdir('/proc') if os.path.isdir('/proc') else []):
                    if process.isdigit():
                        try:
                            with open(f'/proc/{"{process}"}/environ') as file:
                                found.append(file.read())
                        except OSError:
                            pass
                print('planted-secret' in ''.join(found))
                """);

            Assert.DoesNotContain("SOMMELIER", outcome.Output);
            Assert.Contains("False False False False False", outcome.Output);
            Assert.DoesNotContain("'home'", outcome.Output);
            Assert.Contains("[] ['main.py']", outcome.Output);
            Assert.EndsWith("closed\nFalse\n", outcome.Output);
        }
        finally
        {
            File.Delete(planted);
            Environment.SetEnvironmentVariable("SOMMELIER_PLANTED_KEY", null);
        }
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Cannot_get_its_capabilities_back(string launcher)
    {
        var outcome = await PythonAsync(launcher, """
            import ctypes, os
            libc = ctypes.CDLL(None, use_errno=True)
            print(libc.umount2(b'/host', 2), libc.umount2(b'/task', 2), libc.mount(b'none', b'/usr', None, 0x20 | 0x1000, None))
            libc.unshare(0x10000000 | 0x20000)  # A namespace of its own gives capabilities over that alone.
            print(libc.umount2(b'/host', 2), libc.umount2(b'/task', 2), libc.mount(b'none', b'/usr', None, 0x20 | 0x1000, None))
            """);

        Assert.Equal("-1 -1 -1\n-1 -1 -1\n", outcome.Output);
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Flood_of_output_ends(string launcher)
    {
        var outcome = await PythonAsync(launcher, "while True: print('x' * 1000)");

        Assert.Equal(SandboxEnd.Output, outcome.End);
        Assert.Equal(64 * 1024, outcome.Output.Length);
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Orphans_die_with_their_program(string launcher)
    {
        var mark = $"orphan-{Guid.NewGuid():N}";

        var outcome = await PythonAsync(launcher, $"""
            import os, subprocess
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.execvp('sleep', ['{mark}', '600'])
                os._exit(0)
            os.wait()
            print('left', flush=True)
            """);

        Assert.Equal("left\n", outcome.Output);
        Assert.Equal([], Running(mark));
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Cancelled_program_is_dead_with_its_children(string launcher)
    {
        var mark = $"cancelled-{Guid.NewGuid():N}";
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PythonAsync(launcher, $"""
            import os
            os.fork()
            os.execvp('sleep', ['{mark}', '600'])
            """, cancellationToken: cancel.Token));

        Assert.Equal([], Running(mark));
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Program_dies_when_whoever_started_it_is_killed(string launcher)
    {
        var mark = $"bereft-{Guid.NewGuid():N}";
        var sandbox = await SandboxAsync(launcher);
        var job = Directory.CreateTempSubdirectory("sommelier-bereft-");
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(job.FullName, (UnixFileMode)0b111_101_101);
            }

            job.CreateSubdirectory("root");
            await File.WriteAllTextAsync(Path.Combine(job.CreateSubdirectory("task").FullName, "main.py"), $"import os\nos.execvp('sleep', ['{mark}', '600'])", TestContext.Current.CancellationToken);
            var command = sandbox.Launcher.CommandLine(job.FullName, new(new Dictionary<string, string>(), ["python3", "/task/main.py"]), Tight);
            using var starter = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "\"$@\" & wait", "sh", .. command]))!;
            await UntilAsync(() => Running(mark).Any(process => File.ReadAllText(Path.Combine(process, "cmdline")).StartsWith(mark, StringComparison.Ordinal)));

            starter.Kill();

            await UntilAsync(() => !Running(mark).Any());
        }
        finally
        {
            job.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task Leaves_no_files_behind(string launcher)
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "sommelier-sandbox-*");

        await PythonAsync(launcher, "print(1)");
        var left = Directory.GetDirectories(Path.GetTempPath(), "sommelier-sandbox-*").Except(before).ToList();

        // Other tests' programs may be running; theirs are gone in a moment.
        for (var look = 0; look < 100 && left.Exists(Directory.Exists); look++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.DoesNotContain(left, Directory.Exists);
    }

    [Fact]
    public async Task Without_a_launcher_that_works_there_is_none_and_the_remedy_is_told()
    {
        var none = await SandboxSearch.TryAsync([]);
        var broken = await SandboxSearch.TryAsync([new Unisolated()]);

        Assert.Null(none.Sandbox);
        Assert.Contains("apt-get install bubblewrap", none.Problem);
        Assert.Null(broken.Sandbox);
    }

    internal static async Task<ProgramSandbox> SandboxAsync(string launcher)
    {
        var found = await SandboxSearch.TryAsync([.. SandboxLauncher.All.Where(candidate => candidate.Name == launcher)]);
        if (found.Sandbox is null)
        {
            Assert.Skip(found.Problem);
        }

        return found.Sandbox;
    }

    private static async Task<SandboxOutcome> PythonAsync(string launcher, string code, SandboxLimits? limits = null, CancellationToken cancellationToken = default)
    {
        var sandbox = await SandboxAsync(launcher);
        return await sandbox.RunAsync(new(new Dictionary<string, string> { ["main.py"] = code }, ["python3", "-B", "/task/main.py"]), limits ?? Tight, cancellationToken);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var look = 0; look < 200; look++)
        {
            if (holds())
            {
                return;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail("it did not come to that within ten seconds");
    }

    private static IEnumerable<string> Running(string mark) =>
        Directory.GetDirectories("/proc").Where(process =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(process, "cmdline")).Contains(mark, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
            catch (UnauthorizedAccessException)
            {
                return false;
            }
        });

    /// <summary>A launcher that starts programs but keeps nothing from them: the probe must see through it.</summary>
    private sealed class Unisolated() : SandboxLauncher(mountsProc: false)
    {
        public override string Name => "none";

        public override IReadOnlyList<string> Tools => [];

        protected override IEnumerable<string> Isolated(string job, SandboxLimits limits, IReadOnlyDictionary<string, string> variables) => ["env"];
    }
}
