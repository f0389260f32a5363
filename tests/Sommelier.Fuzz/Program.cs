using System.Diagnostics;
using System.Text;
using SharpFuzz;
using Sommelier.Tests.Fuzzing;

// Feeds the targets of Sommelier.Tests/Fuzzing for as long as you like; see README.md.
switch (args)
{
    case ["list"]:
        foreach (var target in FuzzTarget.All)
        {
            Console.WriteLine(target.Name);
        }

        return 0;
    case ["seeds", var name, var folder]:
        Directory.CreateDirectory(folder);
        var number = 0;
        foreach (var seed in FuzzTarget.Of(name).Seeds())
        {
            File.WriteAllBytes(Path.Combine(folder, $"{number++:000}"), seed);
        }

        Console.WriteLine($"{number} seeds");
        return 0;
    case ["read", var name, .. var files]:
        foreach (var file in files)
        {
            Console.WriteLine(file);
            FuzzTarget.Of(name).Run(File.ReadAllBytes(file));
        }

        return 0;
    case ["run", var name, var seconds, .. var rest]:
        return Break(FuzzTarget.Of(name), TimeSpan.FromSeconds(int.Parse(seconds)), rest is [var given] ? int.Parse(given) : Environment.TickCount);
    case ["afl", var name]:
        // Instrumented code needs the fuzzer's memory, so nothing of it may run before the fuzzer does.
        FuzzTarget? read = null;
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            (read ??= FuzzTarget.Of(name)).Run(bytes.ToArray());
        });
        return 0;
    case ["libfuzzer", var name]:
        FuzzTarget? run = null;
        Fuzzer.LibFuzzer.Run(bytes => (run ??= FuzzTarget.Of(name)).Run(bytes.ToArray()));
        return 0;
    default:
        Console.Error.WriteLine("usage: list | seeds TARGET FOLDER | read TARGET FILE... | run TARGET SECONDS [SEED] | afl TARGET | libfuzzer TARGET");
        return 2;
}

// Without a fuzzer: the tests' own loop, until the time is over.
static int Break(FuzzTarget target, TimeSpan time, int seed)
{
    Console.WriteLine($"{target}, seed {seed}");
    var seeds = target.Seeds().ToArray();
    var random = new Random(seed);
    var started = Stopwatch.GetTimestamp();
    for (var round = 0; ; round++)
    {
        if (Stopwatch.GetElapsedTime(started) > time)
        {
            Console.WriteLine($"{round:N0} rounds, no crash");
            return 0;
        }

        var bytes = Mutation.Break(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random);
        try
        {
            target.Run(bytes);
        }
        catch (Exception crash)
        {
            Console.WriteLine($"seed {seed}, round {round}: {crash}\n{Encoding.Latin1.GetString(bytes)}\n{Convert.ToBase64String(bytes)}");
            return 1;
        }
    }
}
