using Sommelier.Configuration;
using Sommelier.Configuration.Keys;
using Spectre.Console;

namespace Sommelier.Server.Cli;

/// <summary>What a verb may touch of the world: its streams, the environment, the clock. Tests hand in their own.</summary>
internal sealed class CliContext
{
    /// <summary>Where results go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where complaints go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where <c>-</c> reads from.</summary>
    public required TextReader Input { get; init; }

    /// <summary>Whether somebody types at <see cref="Input"/>.</summary>
    public bool InputIsTerminal { get; init; }

    /// <summary>Whether somebody watches <see cref="Error"/>.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Tables and colours over <see cref="Output"/>; plain text where that is no terminal.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Environment variables by name.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The process's own.</summary>
    public static CliContext ForProcess() => new()
    {
        Output = System.Console.Out,
        Error = System.Console.Error,
        Input = System.Console.In,
        InputIsTerminal = !System.Console.IsInputRedirected,
        ErrorIsTerminal = !System.Console.IsErrorRedirected,
        Console = System.Console.IsOutputRedirected ? Plain(System.Console.Out) : AnsiConsole.Console,
        Environment = SystemEnvironment.Get,
    };

    /// <summary>The same with results going elsewhere.</summary>
    public CliContext Over(TextWriter output) => new()
    {
        Output = output,
        Error = Error,
        Input = Input,
        InputIsTerminal = InputIsTerminal,
        ErrorIsTerminal = ErrorIsTerminal,
        Console = Plain(output),
        Environment = Environment,
        Time = Time,
    };

    /// <summary>The same without anybody who listens or answers.</summary>
    public CliContext Silent() => new()
    {
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        Input = TextReader.Null,
        Console = Plain(TextWriter.Null),
        Environment = Environment,
        Time = Time,
    };

    /// <summary>The same under a profile: what is asked on the command line counts as the variable that names it.</summary>
    public CliContext Under(string? profile) => profile is null ? this : new()
    {
        Output = Output,
        Error = Error,
        Input = Input,
        InputIsTerminal = InputIsTerminal,
        ErrorIsTerminal = ErrorIsTerminal,
        Console = Console,
        Environment = name => string.Equals(name, ProfileKeys.Variable, StringComparison.Ordinal) ? profile : Environment(name),
        Time = Time,
    };

    /// <summary>A console without colours or line breaks of its own.</summary>
    public static IAnsiConsole Plain(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 1000;
        return console;
    }
}
