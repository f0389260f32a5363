using Microsoft.Extensions.Time.Testing;
using Sommelier.Server.Cli;

namespace Sommelier.Server.Tests.Cli;

/// <summary>Runs a verb in the process, in a world of its own.</summary>
internal static class CliRun
{
    /// <summary>The day on which every run takes place.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Runs a verb and returns exit code, output and complaints.</summary>
    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync("", [], arguments);

    /// <summary>The same with something on standard input and variables in the environment, as <c>NAME=value</c>.</summary>
    public static async Task<CliResult> RunAsync(string input, string[] variables, string[] arguments, TimeProvider? time = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CliContext
        {
            Output = output,
            Error = error,
            Input = new StringReader(input),
            InputIsTerminal = input.Length == 0,
            Console = CliContext.Plain(output),
            Environment = name => variables.FirstOrDefault(v => v.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..],
            Time = time ?? new FakeTimeProvider(Now),
        };
        var code = await CommandLine.RunAsync(arguments, context, TestContext.Current.CancellationToken);
        return new(code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }
}

internal sealed record CliResult(int ExitCode, string Output, string Error);
