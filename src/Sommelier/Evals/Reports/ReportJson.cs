using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Evals.Runs;

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
    }

    private static void Write(Utf8JsonWriter json, ModelReport model)
    {
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteBoolean("simulated", model.Simulated);
        json.WriteNumber("expected", model.Expected);
        json.WriteNumber("scored", model.Scored);
        json.WriteNumber("missing", model.Missing);
        json.WriteBoolean("unreliable", model.Unreliable);
        Write(json, "score", model.Score);
        json.WriteNumber("pass_rate", model.PassRate);
        if (model.PassedEveryTime is { } every)
        {
            json.WriteNumber("passed_every_time", every);
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

    private static void Write(Utf8JsonWriter json, string name, ScoreEstimate? score)
    {
        if (score is not { } known)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("mean", known.Mean);
        json.WriteNumber("low", known.Low);
        json.WriteNumber("high", known.High);
        json.WriteNumber("n", known.Items);
        json.WriteNumber("clusters", known.Clusters);
        json.WriteEndObject();
    }
}
