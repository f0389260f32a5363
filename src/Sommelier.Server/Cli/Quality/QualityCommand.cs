using System.CommandLine;
using Sommelier.Canonical;
using Sommelier.Quality;
using Sommelier.Server.Cli.Accounts;

namespace Sommelier.Server.Cli.Quality;

/// <summary><c>models quality [diff|history|publish|rollback]</c>: what is believed of models, from which evidence, since which version.</summary>
internal static class QualityCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var model = new Option<string?>("--model", "-m") { Description = "All intents of this deployment, model or alias.", HelpName = "M" };
        var intent = new Option<string?>("--intent", "-i") { Description = "All models at this intent.", HelpName = "I" };
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("quality", "Show how good models are believed to be, and from which evidence. Default: what has evidence of your own.") { model, intent };
        serve.AddTo(command);
        command.Options.Add(json);
        command.Subcommands.Add(Diff(context));
        command.Subcommands.Add(History(context));
        command.Subcommands.Add(Publish(context));
        command.Subcommands.Add(RollBack(context));
        command.SetAction((parsed, cancellationToken) => OpenedQuality.UseAsync(
            context,
            serve.Read(parsed),
            (book, snapshot) =>
            {
                var rows = QualityRow.Of(snapshot.Catalog, book.Live, parsed.GetValue(model), IntentOf(parsed.GetValue(intent)));
                var now = context.Time.GetUtcNow();
                if (parsed.GetValue(json))
                {
                    JsonOutput.Write(context.Output, writer => QualityBookJson.Members(writer, book.Live, new Page<QualityRow>(rows, null), now));
                }
                else
                {
                    new QualityReport(context.Console).Print(book.Live, rows, now);
                }

                return Task.CompletedTask;
            },
            cancellationToken));
        return command;
    }

    private static Command Diff(CliContext context)
    {
        var from = new Argument<string?>("V1") { Description = "A version; 0 is the catalog's own table. Default: the one before V2.", Arity = ArgumentArity.ZeroOrOne };
        var to = new Argument<string?>("V2") { Description = "Another one. Default: the one in force.", Arity = ArgumentArity.ZeroOrOne };
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("diff", "Compare two versions: what is believed otherwise, and from which evidence.") { from, to };
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => OpenedQuality.UseAsync(
            context,
            serve.Read(parsed),
            async (book, snapshot) =>
            {
                var (first, second) = await book.PairAsync(parsed.GetValue(from), parsed.GetValue(to), cancellationToken);
                var differences = QualityDiff.Of(snapshot.Catalog, first, second);
                if (parsed.GetValue(json))
                {
                    JsonOutput.Write(context.Output, writer => QualityBookJson.Members(writer, first, second, new Page<QualityDifference>(differences, null)));
                }
                else
                {
                    new QualityReport(context.Console).Print(first, second, differences);
                }
            },
            cancellationToken));
        return command;
    }

    private static Command History(CliContext context)
    {
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var page = new PageOptions();
        var command = new Command("history", "List versions, newest first.");
        page.AddTo(command);
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => OpenedQuality.UseAsync(
            context,
            serve.Read(parsed),
            async (book, _) =>
            {
                var versions = await book.HistoryAsync(page.Read(parsed), cancellationToken) ?? throw PageOptions.NoPage();
                if (parsed.GetValue(json))
                {
                    JsonOutput.Write(context.Output, writer => QualityBookJson.Members(writer, book.Live?.Info.Name ?? QualityVersion.None, versions));
                }
                else
                {
                    new QualityReport(context.Console).Print(book.Live, versions.Items);
                    PageOptions.TellOfMore(context, versions.NextAfter);
                }
            },
            cancellationToken));
        return command;
    }

    private static Command Publish(CliContext context)
    {
        var shadow = new Option<bool>("--shadow") { Description = "Store it to be compared; nothing uses it until 'rollback' puts it in force." };
        var reason = new Option<string>("--reason") { Description = "What for. Default: feedback.", DefaultValueFactory = _ => "feedback", HelpName = "TEXT" };
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("publish", "Make a version of the evidence in force and the feedback that waits, and put it in force.") { shadow, reason };
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => OpenedQuality.UseAsync(
            context,
            serve.Read(parsed),
            async (book, snapshot) =>
            {
                var made = await book.PublishAsync(
                    new()
                    {
                        Reason = parsed.GetRequiredValue(reason),
                        Actor = OpenedBook.Actor,
                        Shadow = parsed.GetValue(shadow),
                        WithFeedback = true,
                        Catalog = snapshot.Catalog,
                        Settings = snapshot.Quality,
                    },
                    cancellationToken);
                if (parsed.GetValue(json))
                {
                    JsonOutput.Write(context.Output, writer => QualityBookJson.Members(writer, made!.Info));
                }
                else
                {
                    await context.Output.WriteLineAsync($"{made!.Info.Name} was made of {made.Info.Answers} answers{(made.Info.Shadow ? "; nothing uses it yet" : " and is in force")}.");
                }
            },
            cancellationToken));
        return command;
    }

    private static Command RollBack(CliContext context)
    {
        var version = new Argument<string>("V") { Description = "The version to put in force, e.g. 6; 0 is the catalog's own table." };
        var serve = new ServeOptions(withUrls: false);
        var command = new Command("rollback", "Put an earlier version in force again, or a shadow for the first time. A running gateway follows within a second.") { version };
        serve.AddTo(command);
        command.SetAction((parsed, cancellationToken) => OpenedQuality.UseAsync(
            context,
            serve.Read(parsed),
            async (book, _) =>
            {
                var to = await book.GetAsync(parsed.GetRequiredValue(version), cancellationToken);
                await book.RollBackAsync(to?.Info.Number ?? 0, OpenedBook.Actor, cancellationToken);
                await context.Output.WriteLineAsync($"{to?.Info.Name ?? QualityVersion.None} is in force.");
            },
            cancellationToken));
        return command;
    }

    private static Intent? IntentOf(string? name) => name is null ? null
        : Intents.TryParse(name, out var intent) ? intent
        : throw new CliException($"there is no intent '{name}'. There are: {string.Join(", ", Intents.Names)}.");
}
