using System.Globalization;
using Sommelier.Canonical;

namespace Sommelier.Evals.Reports;

/// <summary>A run's results as CSV: one row for each case, model and repeat.</summary>
internal static class ReportCsv
{
    /// <summary>Writes head and rows.</summary>
    public static void Write(TextWriter output, RunReport report)
    {
        output.Write("suite,case,intent,cluster,model,repeat,score,passed,latency_ms,cost_usd,input_tokens,output_tokens,finish_reason,simulated,answer,failed\n");
        var suites = report.Manifest.Suites.ToDictionary(static suite => suite.Hash, static suite => suite.Id, StringComparer.Ordinal);
        foreach (var (facts, result) in report.InOrder())
        {
            var answer = result.Answer;
            string?[] cells =
            [
                suites[facts.Suite],
                facts.Case,
                facts.Intent.Name(),
                facts.Cluster,
                result.Key.Model,
                Number(result.Key.Repeat),
                result.Score?.ToString("0.######", CultureInfo.InvariantCulture),
                result.Score is null ? "" : result.Passed ? "true" : "false",
                answer?.Latency?.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture),
                answer?.CostUsd?.ToString("0.#########", CultureInfo.InvariantCulture),
                Number(answer?.Usage?.InputTokens),
                Number(answer?.Usage?.OutputTokens),
                answer?.FinishReason is { } finish ? EnumNames<FinishReasonKind>.Of(finish) : "",
                answer?.Simulated is true ? "true" : "false",
                answer is null ? result.Error : ReportText.Answer(answer),
                ReportText.Failures(result),
            ];
            output.Write(string.Join(',', cells.Select(Cell)));
            output.Write('\n');
        }
    }

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>A cell. One that begins like a formula gets a quote before it: spreadsheets would run it, and answers are anybody's text.</summary>
    internal static string Cell(string? text)
    {
        if (text is ['=' or '@' or '\t', ..] or ['+' or '-', not (>= '0' and <= '9'), ..])
        {
            text = $"'{text}";
        }

        return text?.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text ?? "";
    }
}
