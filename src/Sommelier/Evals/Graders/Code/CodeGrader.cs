using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Sommelier.Evals.Sandbox;

namespace Sommelier.Evals.Graders.Code;

/// <summary>The answer's program passes the case's tests. Both run in the sandbox, and nowhere else.</summary>
internal sealed class CodeGrader : IGrader
{
    private readonly string? language;
    private readonly string? tests;
    private readonly string? entryPoint;
    private readonly string? setup;
    private readonly SandboxLimits limits;
    private readonly Func<Task<SandboxSearch>> search;

    internal CodeGrader(GraderSettings settings, Func<Task<SandboxSearch>> search)
    {
        language = settings.OptionalText("value") ?? settings.OptionalText("language");
        tests = settings.OptionalText("tests");
        entryPoint = settings.OptionalText("entry_point");
        setup = settings.OptionalText("setup");
        limits = new()
        {
            WallTime = TimeSpan.FromSeconds(settings.Number("timeout_seconds", 10, min: 0.1, max: 300)),
            CpuSeconds = (int)Math.Ceiling(settings.Number("timeout_seconds", 10, min: 0.1, max: 300)),
            MemoryMegabytes = (int)settings.Number("memory_mb", 512, min: 64, max: 16384),
        };
        this.search = search;
        if (language is not null && CodeLanguage.Find(language) is null)
        {
            settings.Problem("value", $"names the language '{language}', which cannot be run", $"Write one of {string.Join(", ", CodeLanguage.All.Select(static known => known.Name))}");
        }
    }

    /// <summary>The registry's line.</summary>
    public static GraderKind Kind { get; } = new(
        "code",
        "python, javascript or csharp",
        "The answer's program passes the tests in a sandbox; tests, entry_point, setup and language may also be variables of the case.",
        static settings => new CodeGrader(settings, SandboxSearch.Once))
    {
        Example = "{ type: code, value: python, entry_point: twice, tests: 'assert twice(2) == 4' }",
    };

    /// <inheritdoc/>
    public async ValueTask<Grade> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken)
    {
        var name = language ?? Variable(answer, "language");
        if (name is null || CodeLanguage.Find(name) is not { } code)
        {
            return Grade.Missing(name is null ? "neither the expectation nor the case names a language" : $"the language '{name}' cannot be run");
        }

        if ((tests ?? Variable(answer, "tests")) is not { Length: > 0 } written)
        {
            return Grade.Missing("neither the expectation nor the case has tests");
        }

        var found = await search();
        if (found.Sandbox is not { } sandbox)
        {
            return Grade.Missing(found.Problem);
        }

        if (SandboxLauncher.Tool(code.Runtime) is null || code.Lacking(sandbox.Launcher) is not null)
        {
            return Grade.Missing(code.Lacking(sandbox.Launcher) ?? $"{code.Runtime} is not installed below /usr; install it to grade {code.Name}");
        }

        var entry = entryPoint ?? Variable(answer, "entry_point");
        var program = CodeBlock.Extract(answer.Text, code, entry);
        if (string.IsNullOrWhiteSpace(program))
        {
            return Grade.Fail($"the answer holds no {code.Name} code");
        }

        // A secret, not chance: nothing of the grade depends on it.
        var key = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var parts = new CodeParts(setup ?? Variable(answer, "setup") ?? "", program, written, entry);
        try
        {
            return Read(await sandbox.RunAsync(code.Program(parts, key), limits, cancellationToken), key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return Grade.Missing($"the sandbox cannot be set up: {exception.Message}");
        }
    }

    private Grade Read(SandboxOutcome outcome, string key)
    {
        if (!outcome.Output.StartsWith($"{key} begin", StringComparison.Ordinal))
        {
            return Grade.Missing($"the sandbox did not start the program: {LastLine(outcome.Error)}");
        }

        return outcome switch
        {
            { End: SandboxEnd.WallTime } => Grade.Fail(string.Create(CultureInfo.InvariantCulture, $"it took longer than {limits.WallTime.TotalSeconds:0.#} s")),
            { End: SandboxEnd.Memory } => Grade.Fail($"it used more than {limits.MemoryMegabytes} MB of memory"),
            { End: SandboxEnd.Output } => Grade.Fail($"it wrote more than {limits.OutputKilobytes} kB"),
            { ExitCode: 0 } when outcome.Output.Contains($"\n{key} end\n", StringComparison.Ordinal) => Grade.Pass,
            { ExitCode: 0 } => Grade.Fail("it ended before the tests did"),
            { ExitCode: > 128, Error: "" } => Grade.Fail($"it was killed by signal {outcome.ExitCode - 128}: a limit of processor time or memory, or a crash"),
            _ => Grade.Fail(LastLine(outcome.Error)),
        };
    }

    // Python's last line says what went wrong; C#'s and Node's stand above a stack, and under a stack of C++ is Node's version.
    private static string LastLine(string error)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(static line => !line.StartsWith("Node.js v", StringComparison.Ordinal) && !line.Contains(": 0x", StringComparison.Ordinal))
            .ToList();
        var telling = lines.FindLast(static line => line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("Exception", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "no message";
        return telling.Length > 300 ? telling[..300] + "…" : telling;
    }

    private static string? Variable(GradedAnswer answer, string name) => !answer.Variables.TryGetValue(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => string.Join('\n', value.EnumerateArray().Select(static item => item.GetString())),
        _ => value.GetRawText(),
    };
}
