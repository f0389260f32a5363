using System.CommandLine;
using System.Text;
using Sommelier.Ledger.Export;

namespace Sommelier.Server.Cli.Ledger;

/// <summary><c>ledger export|reconcile</c>: the requests and what they cost, for other tools and against a provider's bill.</summary>
internal static class LedgerCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context) => new("ledger", "Export what happened to every request, and hold it against a provider's bill.")
    {
        Export(context),
        ReconcileCommand.Create(context),
    };

    private static Command Export(CliContext context)
    {
        var from = CommonOptions.Time("--from", "Requests that began then or later. Default: the first.");
        var to = CommonOptions.Time("--to", "Requests that began before then. Default: the last.");
        var format = new Option<ExportFormat>("--format") { Description = "A row per request under a header, a JSON object per line with every attempt, or a Parquet file with a row per request (needs --out). Default: csv.", HelpName = "csv|jsonl|parquet" };
        var file = new Option<string?>("--out", "-o") { Description = "Where to write; an existing file is replaced. Default: standard output.", HelpName = "FILE" };
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        json.Description = "The same as --format jsonl.";
        var command = new Command("export", "Write every request with its tokens and its cost, oldest first.") { from, to, format, file };
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => OpenedLedger.UseAsync(context, serve.Read(parsed), async (ledger, _) =>
        {
            var entries = LedgerExport.ReadAsync(ledger, parsed.GetValue(from), parsed.GetValue(to), cancellationToken);
            var wanted = parsed.GetValue(json) ? ExportFormat.Jsonl : parsed.GetValue(format);
            if (parsed.GetValue(file) is not { } path)
            {
                if (wanted == ExportFormat.Parquet)
                {
                    await context.Error.WriteLineAsync("A Parquet file is no text for a terminal. Say where to write it: --out FILE.");
                    return ExitCodes.Usage;
                }

                await LedgerExport.WriteAsync(entries, wanted, context.Output);
                return ExitCodes.Fine;
            }

            if (wanted == ExportFormat.Parquet)
            {
                await using var bytes = File.Create(path);
                await context.Error.WriteLineAsync($"{await LedgerExport.WriteParquetAsync(entries, bytes)} requests written to {path}");
                return ExitCodes.Fine;
            }

            await using var output = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            var count = await LedgerExport.WriteAsync(entries, wanted, output);
            await context.Error.WriteLineAsync($"{count} requests written to {path}");
            return ExitCodes.Fine;
        }));
        return command;
    }
}
