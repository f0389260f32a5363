using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Sommelier.Catalog;
using Sommelier.Configuration.Building;
using Sommelier.Ledger;
using Sommelier.Ledger.Export;

namespace Sommelier.Server.Cli.Ledger;

/// <summary><c>ledger reconcile</c>: what the ledger says that a provider's models cost, against what the provider says.</summary>
internal static class ReconcileCommand
{
    private const decimal DefaultTolerance = 0.01m;

    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var export = new Option<string>("--export") { Description = "The provider's usage as CSV with the columns day, model, cost_usd, and input_tokens, output_tokens if known; - reads standard input.", HelpName = "FILE", Required = true };
        var provider = new Option<string?>("--provider") { Description = "Whose calls are compared. Default: of every provider that served a model of the file.", HelpName = "NAME" };
        var tolerance = new Option<decimal>("--tolerance")
        {
            Description = "The difference per day and model that is fine. Default: 1%.", HelpName = "PERCENT", CustomParser = ReadPercent, DefaultValueFactory = _ => DefaultTolerance,
        };
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("reconcile", "Compare the ledger with a provider's usage export, per day and model. Exits 1 when a difference is beyond the tolerance.") { export, provider, tolerance };
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => OpenedLedger.UseAsync(context, serve.Read(parsed), async (ledger, config) =>
        {
            var usage = Read(context, parsed.GetRequiredValue(export));
            var catalog = GatewaySnapshotBuilder.BuildForDryRun(config, context.Environment).Snapshot.Catalog;
            var days = await Reconciliation.CompareAsync(Around(ledger, usage, cancellationToken), usage, parsed.GetValue(provider), catalog);
            var tolerated = parsed.GetValue(tolerance);
            if (parsed.GetValue(json))
            {
                WriteJson(context, days, tolerated);
            }
            else
            {
                Print(context, days, tolerated);
            }

            return days.Any(day => Reconciliation.Exceeds(day, tolerated)) ? ExitCodes.GateFailed : ExitCodes.Fine;
        }));
        return command;
    }

    // A call may be made long after its request began, but not a day after.
    private static IAsyncEnumerable<LedgerEntry> Around(ILedgerQueries ledger, IReadOnlyList<ProviderUsage> usage, CancellationToken cancellationToken) =>
        LedgerExport.ReadAsync(ledger, Midnight(usage.Min(row => row.Day).AddDays(-1)), Midnight(usage.Max(row => row.Day).AddDays(1)), cancellationToken);

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static IReadOnlyList<ProviderUsage> Read(CliContext context, string path)
    {
        try
        {
            using var input = path is "-" ? context.Input : new StreamReader(path);
            var usage = ProviderUsage.Read(input);
            return usage.Count > 0 ? usage : throw new CliException($"'{path}' has a header and nothing under it.");
        }
        catch (FormatException wrong)
        {
            throw new CliException($"'{path}' cannot be read: {wrong.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException(failure.Message);
        }
    }

    private static decimal ReadPercent(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (decimal.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100)
        {
            return percent / 100;
        }

        result.AddError($"'{text}' is no tolerance. Write a percentage like 0.5 or 2%.");
        return 0;
    }

    private static void Print(CliContext context, IReadOnlyList<ReconciledDay> days, decimal tolerated)
    {
        var table = RouteReport.PlainTable("day", "model", "calls", "tokens", "their tokens", "ledger USD", "estimated", "today's prices", "their USD", "difference", "");
        foreach (var day in days)
        {
            RouteReport.Row(
                table,
                Day(day),
                day.Model,
                day.Calls.ToString(CultureInfo.InvariantCulture),
                Tokens(day.InputTokens, day.OutputTokens),
                day.ProviderInputTokens is null && day.ProviderOutputTokens is null ? "" : Tokens(day.ProviderInputTokens ?? 0, day.ProviderOutputTokens ?? 0),
                Usd(day.Usd),
                Usd(NanoUsd.ToUsd(day.EstimatedNanoUsd)),
                day.RepricedNanoUsd is { } repriced ? Usd(NanoUsd.ToUsd(repriced)) : "",
                Usd(day.ProviderUsd),
                string.Create(CultureInfo.InvariantCulture, $"{(day.DifferenceUsd < 0 ? "" : "+")}{Usd(day.DifferenceUsd)} ({day.DifferencePart * 100:0.##}%)"),
                Reconciliation.Exceeds(day, tolerated) ? "beyond" : "");
        }

        context.Console.Write(table);
        var beyond = days.Count(day => Reconciliation.Exceeds(day, tolerated));
        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"The ledger has {Usd(days.Sum(day => day.Usd))} USD, the provider {Usd(days.Sum(day => day.ProviderUsd))}; {(beyond == 0 ? "every difference is" : $"{beyond} of {days.Count} differences are not")} within {tolerated * 100:0.##}%."));
    }

    private static void WriteJson(CliContext context, IReadOnlyList<ReconciledDay> days, decimal tolerated) => JsonOutput.Write(context.Output, json =>
    {
        json.Amount("tolerance_percent", tolerated * 100);
        json.Amount("ledger_usd", days.Sum(day => day.Usd));
        json.Amount("provider_usd", days.Sum(day => day.ProviderUsd));
        json.WriteNumber("beyond", days.Count(day => Reconciliation.Exceeds(day, tolerated)));
        json.WriteStartArray("days");
        foreach (var day in days)
        {
            Write(json, day, tolerated);
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, ReconciledDay day, decimal tolerated)
    {
        json.WriteStartObject();
        json.WriteString("day", Day(day));
        json.WriteString("model", day.Model);
        json.WriteNumber("calls", day.Calls);
        json.WriteNumber("input_tokens", day.InputTokens);
        json.WriteNumber("output_tokens", day.OutputTokens);
        json.Amount("ledger_usd", day.Usd);
        json.Amount("estimated_usd", NanoUsd.ToUsd(day.EstimatedNanoUsd));
        json.Amount("repriced_usd", day.RepricedNanoUsd is { } repriced ? NanoUsd.ToUsd(repriced) : null);
        json.Amount("provider_input_tokens", day.ProviderInputTokens);
        json.Amount("provider_output_tokens", day.ProviderOutputTokens);
        json.Amount("provider_usd", day.ProviderUsd);
        json.Amount("difference_usd", day.DifferenceUsd);
        json.Amount("difference_percent", Math.Round(day.DifferencePart * 100, 4));
        json.WriteBoolean("beyond", Reconciliation.Exceeds(day, tolerated));
        json.WriteEndObject();
    }

    private static string Day(ReconciledDay day) => day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Tokens(long input, long output) => string.Create(CultureInfo.InvariantCulture, $"{input} + {output}");

    private static string Usd(decimal usd) => usd.ToString("0.00####", CultureInfo.InvariantCulture);
}
