using System.Diagnostics;
using System.Globalization;

namespace Sommelier.Server.Tests.Evals;

/// <summary>The real process is killed with SIGKILL in the middle of a run, again and again: no answer on record is asked for again, and none is lost.</summary>
/// <remarks>Three kills, thirty with <c>SOMMELIER_LONG=1</c>; the seed is printed, and <c>SOMMELIER_SEED=n</c> sets it.</remarks>
public sealed class KilledRunTests
{
    private const int Cases = 120;
    private const int Concurrency = 6;
    private static readonly int Kills = Environment.GetEnvironmentVariable("SOMMELIER_LONG") is "1" ? 30 : 3;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("SOMMELIER_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Environment.TickCount;

    [Fact]
    public async Task A_killed_run_is_resumed_with_exactly_what_it_lacks()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"SOMMELIER_SEED={Seed}, {Kills} kills");
        var chance = new Random(Seed);
        await using var world = new EvalWorld(Cases, TimeSpan.FromMilliseconds(20));
        var run = world.At("run");
        var all = Cases * EvalWorld.Models.Length;
        for (var kill = 0; kill < Kills; kill++)
        {
            // At any moment: before the first answer, between two, in the middle of a line.
            var done = OnRecord(run);
            var until = world.Asked + chance.Next(1, Math.Max(2, (all - done) / 2));
            using var process = Start(world, run);
            var patience = Stopwatch.StartNew();
            while (world.Asked < until && !process.HasExited)
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), "The run does not get on.");
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(chance.Next(0, 30), TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var (asked, recorded) = (world.Asked, OnRecord(run));
        Assert.InRange(asked, recorded, recorded + (Kills * Concurrency));
        var resumed = await world.RunAsync(Verb(run, world));
        Assert.True(resumed.ExitCode == 0, resumed.Error + resumed.Output);
        Assert.Equal(all - recorded, world.Asked - asked);

        var whole = await world.RunAsync("run", world.Suite, "--models", string.Join(',', EvalWorld.Models), "--out", world.At("whole"), "--no-cache", "--yes");
        Assert.True(whole.ExitCode == 0, whole.Error);
        Assert.Equal(EvalWorld.Figures(await world.ReportAsync(world.At("whole"))), EvalWorld.Figures(await world.ReportAsync(run)));
    }

    private static Process Start(EvalWorld world, string run)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. world.Arguments(Verb(run, world))]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static string[] Verb(string run, EvalWorld world) => File.Exists(Path.Combine(run, "run.json"))
        ? ["resume", run, "--concurrency", Concurrency.ToString(CultureInfo.InvariantCulture), "--yes"]
        : ["run", world.Suite, "--models", string.Join(',', EvalWorld.Models), "--out", run, "--concurrency", Concurrency.ToString(CultureInfo.InvariantCulture), "--yes"];

    // Whole lines only: what is torn is not on record.
    private static int OnRecord(string run) => Path.Combine(run, "results.jsonl") is var file && File.Exists(file) ? File.ReadAllText(file).Count(static letter => letter == '\n') : 0;
}
