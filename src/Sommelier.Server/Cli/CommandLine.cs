using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Sommelier.Server.Cli.Accounts;
using Sommelier.Server.Cli.Evals;
using Sommelier.Server.Cli.Ledger;
using Sommelier.Server.Cli.Replay;

namespace Sommelier.Server.Cli;

/// <summary>The verbs of the executable. A new one is a file in this folder and a line in <see cref="Create"/>.</summary>
internal static class CommandLine
{
    /// <summary>All verbs.</summary>
    public static RootCommand Create(CliContext context)
    {
        var root = new RootCommand("Sommelier picks the right model for each request: LLM gateway, router and evaluator.")
        {
            HelpName = "sommelier",
        };
        root.Subcommands.Add(ServeCommand.Create(context));
        root.Subcommands.Add(DemoCommand.Create(context));
        root.Subcommands.Add(AskCommand.Create(context));
        root.Subcommands.Add(RouteCommand.Create(context));
        root.Subcommands.Add(BenchRouterCommand.Create(context));
        root.Subcommands.Add(ReplayCommand.Create(context));
        root.Subcommands.Add(ModelsCommand.Create(context));
        root.Subcommands.Add(KeyCommand.Create(context));
        root.Subcommands.Add(AccountCommands.Team(context));
        root.Subcommands.Add(AccountCommands.Organisation(context));
        root.Subcommands.Add(BudgetCommand.Create(context));
        root.Subcommands.Add(LedgerCommand.Create(context));
        root.Subcommands.Add(ConfigCommand.Create(context));
        root.Subcommands.Add(EvalCommand.Create(context));
        root.Subcommands.Add(ConformanceCommand.Create(context));
        root.Subcommands.Add(DoctorCommand.Create(context));
        root.Subcommands.Add(VersionCommand.Create(context));

        // The terminal's width must not change what the help says.
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help })
            {
                help.MaxWidth = 120;
            }
        }

        return root;
    }

    /// <summary>Runs a command line and returns what the process ends with.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliContext context, CancellationToken cancellationToken)
    {
        // Response files are off: a prompt may begin with '@'.
        var parsed = Create(context).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var invocation = new InvocationConfiguration { Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false };
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                await context.Error.WriteLineAsync($"sommelier: {error.Message}");
            }

            await context.Error.WriteLineAsync("Try --help.");
            return ExitCodes.Usage;
        }

        // The parser takes an option that it does not know for a text or a file.
        if (parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).FirstOrDefault(token => token is { Type: TokenType.Argument, Value: ['-', '-', ..] }) is { } stray)
        {
            await context.Error.WriteLineAsync($"sommelier: there is no option '{stray.Value}'. Write -- before a text that begins so.");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (CliException failure)
        {
            await context.Error.WriteLineAsync($"sommelier: {failure.Message}");
            return failure.ExitCode;
        }
    }
}
