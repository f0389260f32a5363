using System.CommandLine;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Routing;
using Sommelier.Server.Cli.Quality;
using Sommelier.Wire;

namespace Sommelier.Server.Cli;

/// <summary><c>route</c>: who would answer, and why. Offline: asks nobody, needs no key, spends nothing.</summary>
internal static class RouteCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var text = new Argument<string?>("TEXT") { Description = "The prompt; - reads it from standard input.", Arity = ArgumentArity.ZeroOrOne };
        var policy = new Option<string?>("--policy", "-p") { Description = "The policy to take. Default: the request's own, else the configuration's.", HelpName = "NAME" };
        var request = new Option<string?>("--request", "-r") { Description = "A chat request of any dialect that callers speak, as a JSON file; - reads it from standard input.", HelpName = "FILE" };
        var seed = new Option<long>("--seed") { Description = "Part of the decision's id.", HelpName = "N" };
        var at = CommonOptions.At("The moment to decide at: prices and lifecycles depend on it. Default: now.");
        var catalog = new Option<string?>("--catalog") { Description = "The catalog version that the decision must be made on; another one is an error.", HelpName = "VERSION" };
        var recorded = new Option<string?>("--decision") { Description = "Decide a recorded request again, by its x-sommelier-request-id, on the quality table that it names.", HelpName = "ID" };
        var all = new Option<bool>("--all", "-a") { Description = "Show every candidate, not only the first and a few of those dropped." };
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("route", "Explain who would answer a prompt, and why: offline, over the configured providers, else all that are known.")
        {
            text, policy, request, seed, at, catalog, recorded, all,
        };
        var profile = CommonOptions.Profile();
        serve.AddTo(command);
        command.Options.Add(profile);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var decision = parsed.GetValue(recorded) is { } id
                ? await RecordedRoute.DecideAsync(context, serve.Read(parsed), Alone(parsed, id, text, request, policy, profile, seed, at, catalog), cancellationToken)
                : await DecideAsync(parsed, cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Output.Write(Encoding.UTF8.GetString(RouteDecisionJson.Answer(decision)) + "\n");
            }
            else
            {
                new RouteReport(context.Console, parsed.GetValue(all)).Print(decision);
            }

            return ExitOf(decision);
        });
        return command;

        async Task<RouteDecision> DecideAsync(ParseResult parsed, CancellationToken cancellationToken)
        {
            var body = Body(context, parsed.GetValue(text), parsed.GetValue(request));
            var snapshot = await OpenedQuality.SnapshotAsync(context.Under(parsed.GetValue(profile)), serve.Read(parsed), cancellationToken);
            if (parsed.GetValue(catalog) is { } version && !string.Equals(version, snapshot.Catalog.Version, StringComparison.Ordinal))
            {
                throw new CliException($"the catalog here has version {snapshot.Catalog.Version}, not {version}. Use the executable, the configuration and the quality table of that decision.");
            }

            return Decide(snapshot, body, parsed.GetValue(policy), parsed.GetValue(seed), parsed.GetValue(at) ?? context.Time.GetUtcNow());
        }
    }

    // A record holds all of these.
    private static string Alone(ParseResult parsed, string id, params ReadOnlySpan<Symbol> others)
    {
        foreach (var other in others)
        {
            if (parsed.GetResult(other) is { Tokens.Count: > 0 })
            {
                throw new CliException($"give --decision alone: the record of '{id}' holds the request, the policy and the moment.");
            }
        }

        return id;
    }

    private static RouteDecision Decide(GatewaySnapshot snapshot, ReadOnlyMemory<byte> body, string? policy, long seed, DateTimeOffset at)
    {
        try
        {
            return OfflineRoute.Decide(snapshot, body, policy, seed, at);
        }
        catch (GatewayException refusal)
        {
            throw new CliException(refusal.Message);
        }
        catch (WireException refusal)
        {
            throw new CliException($"the request is wrong: {refusal.Message}");
        }
    }

    private static int ExitOf(RouteDecision decision) => decision.Error?.Kind switch
    {
        null => ExitCodes.Fine,
        GatewayErrorKind.ModelNotFound or GatewayErrorKind.InvalidRequest => ExitCodes.Usage,
        _ => ExitCodes.GateFailed,
    };

    private static ReadOnlyMemory<byte> Body(CliContext context, string? text, string? request)
    {
        if (request is not null)
        {
            return text is null ? Request(context, request) : throw new CliException("give a text or --request, not both.");
        }

        if (text is null && context.InputIsTerminal)
        {
            throw new CliException("there is nothing to route. Give a text, - to read it from standard input, or --request FILE.");
        }

        var prompt = text is null or "-" ? context.Input.ReadToEnd() : text;
        if (prompt.Length == 0)
        {
            throw new CliException("the text is empty.");
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("model", "auto");
            writer.WriteStartArray("messages");
            writer.WriteStartObject();
            writer.WriteString("role", "user");
            writer.WriteString("content", prompt);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static ReadOnlyMemory<byte> Request(CliContext context, string file)
    {
        if (file is "-")
        {
            return Encoding.UTF8.GetBytes(context.Input.ReadToEnd());
        }

        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"the request cannot be read: {failure.Message}");
        }
    }
}
