using System.CommandLine;
using Sommelier.Accounts;
using Sommelier.Accounts.Administration;

namespace Sommelier.Server.Cli.Accounts;

/// <summary><c>key create|list|revoke</c>.</summary>
internal static class KeyCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context) => new("key", "Keys of callers and administrators: make, list, revoke.")
    {
        Make(context),
        AccountCommands.List(context, AccountKind.Key, "List keys; the keys themselves are not kept."),
        AccountCommands.Close(context, AccountKind.Key, "revoke", "Revoke a key. A running gateway follows within a second."),
    };

    private static Command Make(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "What to call it." };
        var parent = new Option<string?>("--parent", "-p") { Description = "The id of the team or organisation that pays.", HelpName = "ID" };
        var role = new Option<KeyRole>("--role") { Description = "caller, or for /admin: viewer, editor, admin.", DefaultValueFactory = _ => KeyRole.Caller };
        var models = Texts("--models", "What it may ask: providers, models, deployments or aliases. Default: everything.");
        var policies = Texts("--policies", "The policies it may name; the first is what 'auto' means for it. Default: all.");
        var scopes = Texts("--scopes", $"What it may be used for: {string.Join(", ", AccountRules.Scopes)}. Default: everything.");
        var expires = CommonOptions.At("When it ends. Default: never.");
        expires.Aliases.Add("--expires");
        var bodies = new Option<bool>("--no-bodies") { Description = "Never keep prompts and answers of this key." };
        var limits = new LimitOptions();
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("create", "Make a key and print it, this once.") { name, parent, role, models, policies, scopes, expires, bodies };
        limits.AddTo(command);
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => OpenedBook.UseAsync(
            context,
            serve.Read(parsed),
            async book =>
            {
                var (key, secret) = await book.CreateKeyAsync(
                    key => key with
                    {
                        Name = parsed.GetRequiredValue(name),
                        ParentId = parsed.GetValue(parent),
                        Role = parsed.GetValue(role),
                        Models = parsed.GetValue(models) ?? [],
                        Policies = parsed.GetValue(policies) ?? [],
                        Scopes = parsed.GetValue(scopes) ?? [],
                        ExpiresAt = parsed.GetValue(expires),
                        NoBodies = parsed.GetValue(bodies),
                        Limits = limits.Read(parsed),
                    },
                    OpenedBook.Actor,
                    cancellationToken);
                if (parsed.GetValue(json))
                {
                    JsonOutput.Write(context.Output, writer =>
                    {
                        writer.WriteString("key", secret);
                        AccountJson.Members(writer, key);
                    });
                    return;
                }

                await context.Output.WriteLineAsync(secret);
                await context.Error.WriteLineAsync($"{key.Id} was made. The key above is shown this once and kept nowhere.");
            },
            cancellationToken));
        return command;
    }

    private static Option<string[]> Texts(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "A,B",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };
}
