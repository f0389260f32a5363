using System.CommandLine;
using Sommelier.Accounts;
using Sommelier.Ledger;

namespace Sommelier.Server.Cli.Accounts;

/// <summary><c>budget show|set|clear</c>: what an organisation, a team or a key may spend, and has spent.</summary>
internal static class BudgetCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context) => new("budget", "Budgets of organisations, teams and keys, and what was spent of them.")
    {
        Show(context),
        Set(context),
        Clear(context),
    };

    private static Command Show(CliContext context)
    {
        var id = new Argument<string>("ID") { Description = "The id of an organisation, a team or a key." };
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("show", "Show budgets and spending of the running hour, day, month, and in all.") { id };
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => OpenedBook.UseAsync(
            context,
            serve.Read(parsed),
            book => AccountReport.PrintSpentAsync(context, book, AccountCommands.Find(book, parsed.GetRequiredValue(id), null), parsed.GetValue(json), cancellationToken),
            cancellationToken));
        return command;
    }

    private static Command Set(CliContext context)
    {
        var id = new Argument<string>("ID") { Description = "The id of an organisation, a team or a key." };
        var budget = new Argument<Budget[]>("BUDGET")
        {
            Description = "WINDOW=USD, WINDOW=NUMBERtokens, or both with a comma; WINDOW is hour, day, month or total.", CustomParser = LimitOptions.ReadBudgets,
        };
        return Change(context, new("set", "Set the budget of a window; the budgets of other windows stay.") { id, budget }, id, (parsed, account) =>
        {
            var set = parsed.GetRequiredValue(budget);
            return [.. account.Limits.Budgets.Where(one => !Array.Exists(set, other => other.Window == one.Window)), .. set];
        });
    }

    private static Command Clear(CliContext context)
    {
        var id = new Argument<string>("ID") { Description = "The id of an organisation, a team or a key." };
        var window = new Argument<SpendWindow>("WINDOW") { Description = "hour, day, month or total." };
        return Change(context, new("clear", "Take the budget of a window away.") { id, window }, id, (parsed, account) =>
            [.. account.Limits.Budgets.Where(one => one.Window != parsed.GetRequiredValue(window))]);
    }

    private static Command Change(CliContext context, Command command, Argument<string> id, Func<ParseResult, Account, Budget[]> budgets)
    {
        var serve = new ServeOptions(withUrls: false);
        serve.AddTo(command);
        command.SetAction((parsed, cancellationToken) => OpenedBook.UseAsync(
            context,
            serve.Read(parsed),
            async book =>
            {
                var changed = await book.ChangeAsync(
                    AccountCommands.Find(book, parsed.GetRequiredValue(id), null).Id,
                    account => account with { Limits = account.Limits with { Budgets = [.. budgets(parsed, account).OrderBy(one => one.Window)] } },
                    OpenedBook.Actor,
                    cancellationToken);
                await AccountReport.PrintSpentAsync(context, book, changed, json: false, cancellationToken);
            },
            cancellationToken));
        return command;
    }
}
