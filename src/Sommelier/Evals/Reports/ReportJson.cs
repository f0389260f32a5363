using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Evals.Runs;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Planning;
using Sommelier.Statistics.Reports;

namespace Sommelier.Evals.Reports;

/// <summary>A report as members of a JSON object.</summary>
internal static class ReportJson
{
    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter json, RunReport report)
    {
        json.WritePropertyName("run");
        report.Manifest.Write(json);
        json.WriteString("end", report.End is { } end ? EnumNames<RunEnd>.Of(end) : "read");
        json.WriteBoolean("simulated", report.Manifest.Simulated);
        json.WriteNumber("unanswered", report.Unanswered);
        json.WriteBoolean("unreliable", report.Unreliable);
        json.WriteNumber("spent_usd", report.Results.SpentUsd);
        json.WriteStartArray("models");
        foreach (var model in report.Models)
        {
            Write(json, model);
        }

        json.WriteEndArray();
        json.WriteStartArray("comparisons");
        foreach (var comparison in report.Comparisons)
        {
            Write(json, comparison);
        }

        json.WriteEndArray();
        PairJson.Write(json, report);
    }

    private static void Write(Utf8JsonWriter json, ModelReport model)
    {
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteBoolean("simulated", model.Simulated);
        json.WriteNumber("expected", model.Expected);
        json.WriteNumber("scored", model.Scored);
        json.WriteNumber("missing", model.Missing);
        json.WriteBoolean("unreliable", model.Score.IsUnreliable);
        Write(json, "score", model.Score);
        json.WriteNumber("pass_rate", model.PassRate);
        if (model.PassedEveryTime is { } every)
        {
            json.WriteNumber("passed_every_time", every);
        }

        if (model.Judges is { } judges)
        {
            PairJson.Write(json, "judges", judges);
        }

        json.WriteNumber("cost_usd", model.CostUsd);
        if (model.CostPerAnswerUsd is { } each)
        {
            json.WriteNumber("cost_per_answer_usd", each);
        }

        if (model.MedianLatency is { } median)
        {
            json.WriteNumber("latency_p50_ms", Math.Round(median.TotalMilliseconds, 1));
            json.WriteNumber("latency_p95_ms", Math.Round(model.P95Latency!.Value.TotalMilliseconds, 1));
        }

        json.WriteStartObject("intents");
        foreach (var (intent, score) in model.ByIntent)
        {
            Write(json, intent.Name(), score);
        }

        json.WriteEndObject();
        json.WriteStartObject("metrics");
        foreach (var (metric, mean) in model.ByMetric)
        {
            json.WriteNumber(metric, mean);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ModelComparison comparison)
    {
        json.WriteStartObject();
        json.WriteString("model", comparison.Model);
        json.WriteString("baseline", comparison.Baseline);
        Write(json, comparison.Overall);
        if (comparison.CostRatio is { } ratio)
        {
            json.WriteNumber("cost_ratio", ratio);
        }

        if (comparison.CasesNeeded is { } needed)
        {
            json.WriteNumber("cases_needed", needed);
        }

        if (comparison.Gate is { } gate)
        {
            json.WriteString("verdict", EnumNames<Verdict>.Of(gate.Verdict));
        }

        json.WriteStartArray("regressions");
        foreach (var one in comparison.Regressions)
        {
            json.WriteStringValue(one);
        }

        json.WriteEndArray();
        json.WriteStartObject("intents");
        foreach (var (intent, compared) in comparison.ByIntent)
        {
            json.WriteStartObject(intent.Name());
            Write(json, compared);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PairedComparison compared)
    {
        json.WriteNumber("n", compared.Count);
        json.WriteNumber("clusters", compared.Units);
        json.WriteString("method", EnumNames<ComparisonMethod>.Of(compared.Method));
        Number(json, "difference", compared.Difference?.Mean);
        Write(json, compared.Interval);
        Number(json, "p_value", compared.PValue);
    }

    /// <summary>A mean with its interval.</summary>
    internal static void Write(Utf8JsonWriter json, string name, ScoreSummary score)
    {
        json.WriteStartObject(name);
        Number(json, "mean", score.Mean);
        Write(json, score.Interval);
        json.WriteNumber("n", score.Count);
        json.WriteNumber("clusters", score.Units);
        json.WriteString("method", EnumNames<IntervalMethod>.Of(score.Method));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Interval? interval)
    {
        Number(json, "low", interval?.Low);
        Number(json, "high", interval?.High);
    }

    /// <summary>A number or null: JSON has no infinity; where there is no bound there is no number.</summary>
    internal static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known && double.IsFinite(known))
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
