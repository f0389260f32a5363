using System.CommandLine;
using Sommelier.Accounts;
using Sommelier.Accounts.Administration;

namespace Sommelier.Server.Cli.Accounts;

/// <summary>What the verbs of all kinds of accounts have in common.</summary>
internal static class AccountCommands
{
    /// <summary><c>org create|list|close</c>.</summary>
    public static Command Organisation(CliContext context) => new("org", "Organisations: make, list, close.")
    {
        Make(context, AccountKind.Organisation, null),
        List(context, AccountKind.Organisation, "List organisations."),
        Close(context, AccountKind.Organisation, "close", "Close an organisation: keys below it stop working."),
    };

    /// <summary><c>team create|list|close</c>.</summary>
    public static Command Team(CliContext context) => new("team", "Teams: make, list, close.")
    {
        Make(context, AccountKind.Team, new Option<string>("--org") { Description = "The id of its organisation.", HelpName = "ID", Required = true }),
        List(context, AccountKind.Team, "List teams."),
        Close(context, AccountKind.Team, "close", "Close a team: keys below it stop working."),
    };

    /// <summary>Lists the accounts of a kind.</summary>
    public static Command List(CliContext context, AccountKind kind, string description)
    {
        var serve = new ServeOptions(withUrls: false);
        var page = new PageOptions();
        var json = CommonOptions.Json();
        var command = new Command("list", description);
        page.AddTo(command);
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => OpenedBook.UseAsync(
            context,
            serve.Read(parsed),
            book =>
            {
                AccountReport.Print(context, book.Read(kind, page.Read(parsed)) ?? throw PageOptions.NoPage(), parsed.GetValue(json));
                return Task.CompletedTask;
            },
            cancellationToken));
        return command;
    }

    /// <summary>Closes an account of a kind.</summary>
    public static Command Close(CliContext context, AccountKind kind, string verb, string description)
    {
        var id = new Argument<string>("ID") { Description = "Its id." };
        var serve = new ServeOptions(withUrls: false);
        var command = new Command(verb, description) { id };
        serve.AddTo(command);
        command.SetAction((parsed, cancellationToken) => OpenedBook.UseAsync(
            context,
            serve.Read(parsed),
            async book =>
            {
                var closed = await book.CloseAsync(Find(book, parsed.GetRequiredValue(id), kind).Id, OpenedBook.Actor, cancellationToken);
                await context.Output.WriteLineAsync($"{closed.Id} ({closed.Name}) is {(kind == AccountKind.Key ? "revoked" : "closed")}.");
            },
            cancellationToken));
        return command;
    }

    /// <summary>An account of a kind; null takes any.</summary>
    /// <exception cref="AccountException">There is none.</exception>
    public static Account Find(AccountBook book, string id, AccountKind? kind) =>
        book.Directory.Find(id) is { } found && (kind is null || found.Kind == kind) ? found : throw AccountException.Missing(id);

    private static Command Make(CliContext context, AccountKind kind, Option<string>? parent)
    {
        var name = new Argument<string>("NAME") { Description = "What to call it." };
        var limits = new LimitOptions();
        var serve = new ServeOptions(withUrls: false);
        var command = new Command("create", $"Make {(kind == AccountKind.Team ? "a team" : "an organisation")} and print its id.") { name };
        if (parent is not null)
        {
            command.Options.Add(parent);
        }

        limits.AddTo(command);
        serve.AddTo(command);
        command.SetAction((parsed, cancellationToken) => OpenedBook.UseAsync(
            context,
            serve.Read(parsed),
            async book =>
            {
                var made = await book.CreateAsync(
                    kind,
                    account => account with
                    {
                        Name = parsed.GetRequiredValue(name),
                        ParentId = parent is null ? null : parsed.GetRequiredValue(parent),
                        Limits = limits.Read(parsed),
                    },
                    OpenedBook.Actor,
                    cancellationToken);
                await context.Output.WriteLineAsync(made.Id);
            },
            cancellationToken));
        return command;
    }
}
