using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Sockets;
using Sommelier.Server.Conformance;
using Sommelier.Server.Conformance.Callers;

namespace Sommelier.Server.Cli;

/// <summary><c>conformance</c>: what callers see of a gateway when its provider fails.</summary>
internal static class ConformanceCommand
{
    private const string CaseMark = "{case}";

    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var target = new Option<Uri?>("--target") { Description = "The gateway to judge, e.g. http://127.0.0.1:8787. Default: a Sommelier that is started for it.", HelpName = "URL", CustomParser = ReadUrl };
        var port = new Option<int>("--upstream-port") { Description = "Where the failing provider listens on 127.0.0.1; the gateway must be pointed there. Default: a free port.", HelpName = "P" };
        var dialects = new Option<string?>("--dialects") { Description = $"The dialects to ask in, of {string.Join(',', CallerDialect.All.Select(dialect => dialect.Name))}. Default: all for a Sommelier of its own, openai for a target.", HelpName = "LIST" };
        var only = new Option<string[]>("--only") { Description = "Play this case alone; may be given several times. --list names them.", HelpName = "NAME" };
        var key = new Option<string>("--key") { Description = "The key to show to the target. Default: conformance.", HelpName = "KEY", DefaultValueFactory = static _ => "conformance" };
        var model = new Option<string>("--model") { Description = $"The model to ask the target for; {CaseMark} in it becomes another name for each case and dialect. Default: conformance.", HelpName = "NAME", DefaultValueFactory = static _ => "conformance" };
        var header = new Option<string[]>("--header") { Description = "A header of every request to the gateway; may be given several times.", HelpName = "NAME:VALUE" };
        var portkey = new Option<bool>("--portkey") { Description = "Send the headers that point a Portkey gateway at the failing provider." };
        var stall = new Option<double>("--stall") { Description = "Seconds of silence after which the Sommelier of its own gives the provider up. Default: 2.", HelpName = "SECONDS", DefaultValueFactory = static _ => 2 };
        var timeout = new Option<double>("--timeout") { Description = "Seconds that a caller waits for the end of a reply. Default: 15.", HelpName = "SECONDS", DefaultValueFactory = static _ => 15 };
        var list = new Option<bool>("--list") { Description = "Only list the cases." };
        var json = CommonOptions.Json();
        var command = new Command("conformance", "Judge what callers of a gateway see when its provider fails, or answers in an odd form. Exits 1 when a case fails.")
        {
            target, port, dialects, only, key, model, header, portkey, stall, timeout, list, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(port) is not null && result.GetValue(port) is < 0 or > 65_535)
            {
                result.AddError("--upstream-port is a number from 0 to 65535.");
            }

            // An option that would be ignored is a mistake.
            var own = result.GetResult(target) is null;
            foreach (var option in own ? (Option[])[port, key, model, portkey] : [stall])
            {
                if (result.GetResult(option) is { Implicit: false })
                {
                    result.AddError(own ? $"{option.Name} is about a --target, and there is none." : $"{option.Name} is about a Sommelier of its own, not about a --target.");
                }
            }
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context,
            new()
            {
                Target = parsed.GetValue(target),
                Port = parsed.GetValue(port),
                Dialects = Dialects(parsed.GetValue(dialects), parsed.GetValue(target) is null),
                Cases = Cases(parsed.GetValue(only) ?? []),
                Key = parsed.GetValue(key)!,
                Model = parsed.GetValue(model)!,
                Headers = [.. (parsed.GetValue(header) ?? []).Select(Header)],
                Portkey = parsed.GetValue(portkey),
                Stall = Seconds(parsed.GetValue(stall), "--stall"),
                Timeout = Seconds(parsed.GetValue(timeout), "--timeout"),
                Time = context.Time,
            },
            parsed.GetValue(list),
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, ConformanceOptions options, bool list, bool json, CancellationToken cancellationToken)
    {
        if (list)
        {
            ConformanceReport.List(context, options.Cases, json);
            return ExitCodes.Fine;
        }

        try
        {
            await using var session = await ConformanceSession.StartAsync(options, cancellationToken);
            if (options.Target is not null)
            {
                await context.Error.WriteLineAsync(ConformanceReport.HowToConfigure(session.UpstreamUrl));
            }

            var lines = json ? TextWriter.Null : context.Output;
            var results = await session.PlayAllAsync(result => lines.WriteLine(ConformanceReport.Line(result)), cancellationToken);
            ConformanceReport.Finish(context, options, results, json);
            return results.All(result => result.Verdict.Passed) ? ExitCodes.Fine : ExitCodes.GateFailed;
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            throw new CliException(failure.Message, ExitCodes.Infrastructure);
        }
    }

    private static IReadOnlyList<CallerDialect> Dialects(string? names, bool own)
    {
        if (names is null)
        {
            return own ? CallerDialect.All : [CallerDialect.All[0]];
        }

        return [.. names.Split(',', StringSplitOptions.TrimEntries).Select(name =>
            CallerDialect.All.FirstOrDefault(dialect => string.Equals(dialect.Name, name, StringComparison.Ordinal))
            ?? throw new CliException($"--dialects: there is no '{name}'. Choose of {string.Join(", ", CallerDialect.All.Select(dialect => dialect.Name))}."))];
    }

    private static IReadOnlyList<FaultCase> Cases(string[] names) => names.Length == 0
        ? FaultCases.All
        : [.. names.Select(name => FaultCases.Find(name) ?? throw new CliException($"--only: there is no case '{name}'. 'sommelier conformance --list' names them."))];

    private static KeyValuePair<string, string> Header(string text)
    {
        using var probe = new HttpRequestMessage();
        return text.Split(':', 2) is [var name, var value] && probe.Headers.TryAddWithoutValidation(name.Trim(), value.Trim())
            ? KeyValuePair.Create(name.Trim(), value.Trim())
            : throw new CliException($"--header: '{text}' is no header of a request. Write it like x-team:search.");
    }

    private static TimeSpan Seconds(double seconds, string option) => seconds is >= 0.05 and <= 3600
        ? TimeSpan.FromSeconds(seconds)
        : throw new CliException(string.Create(CultureInfo.InvariantCulture, $"{option}: {seconds} is out of range. Give seconds between 0.05 and 3600."));

    private static Uri? ReadUrl(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        result.AddError($"'{text}' is no address. Write it like http://127.0.0.1:8787.");
        return null;
    }
}
