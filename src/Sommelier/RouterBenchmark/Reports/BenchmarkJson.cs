using System.Text.Json;
using Sommelier.RouterBenchmark.Contestants;
using Sommelier.RouterBenchmark.Metrics;

namespace Sommelier.RouterBenchmark.Reports;

/// <summary>Reports as JSON.</summary>
internal static class BenchmarkJson
{
    /// <summary>Writes the members of an object: options and reports.</summary>
    public static void Write(Utf8JsonWriter writer, BenchmarkOptions options, IEnumerable<SetReport> reports)
    {
        writer.WriteNumber("seed", options.Seed);
        if (options.TestData.Count == 0)
        {
            writer.WriteNumber("folds", options.Folds);
        }

        writer.WriteNumber("bootstrap_rounds", Resamples.Rounds);
        writer.WriteStartArray("sets");
        foreach (var report in reports)
        {
            Write(writer, report);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, SetReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("name", report.Set.Name);
        writer.WriteNumber("rows", report.Tested);
        writer.WriteNumber("questions", report.Questions);
        writer.WriteStartArray("models");
        foreach (var model in report.Set.Models)
        {
            writer.WriteStringValue(model);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("strategies");
        foreach (var line in report.Lines)
        {
            writer.WriteStartObject();
            writer.WriteString("name", line.Contestant.Name);
            writer.WriteString("standing", line.Contestant.Standing switch { Standing.Ours => "ours", Standing.Bound => "bound", _ => "baseline" });
            foreach (var kind in report.Figures)
            {
                if (line.Figures.TryGetValue(kind, out var figure))
                {
                    Write(writer, kind.Name, figure);
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, Estimate estimate)
    {
        writer.WriteStartObject(name);
        Number("value", estimate.Value);
        Number("low", estimate.Range.Low);
        Number("high", estimate.Range.High);
        writer.WriteEndObject();

        void Number(string member, double value)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumber(member, Math.Round(value, 6));
            }
            else
            {
                writer.WriteNull(member);
            }
        }
    }
}
