using System.Text.Json;
using Sommelier.Evals.Judges;
using Sommelier.Evals.Pairs;
using Sommelier.Statistics.Ranking;

namespace Sommelier.Evals.Reports;

/// <summary>Comparisons, and what judges are worth, as members of a report's JSON.</summary>
internal static class PairJson
{
    /// <summary>Writes <c>pairs</c> and, where there are labels, <c>judges</c>.</summary>
    public static void Write(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartArray("pairs");
        foreach (var pairs in report.Pairs)
        {
            Write(json, pairs);
        }

        json.WriteEndArray();
        if (report.Judges is { } judges)
        {
            Write(json, "judges", judges);
        }
    }

    /// <summary>Writes what a judge is worth.</summary>
    public static void Write(Utf8JsonWriter json, string name, JudgeCalibration calibration)
    {
        json.WriteStartObject(name);
        json.WriteNumber("judged", calibration.Judged);
        json.WriteNumber("labelled", calibration.Labelled);
        json.WriteBoolean("reliable", calibration.IsReliable);
        ReportJson.Number(json, "agreement", calibration.Kappa?.Agreement);
        ReportJson.Number(json, "kappa", calibration.Kappa?.Kappa);
        ReportJson.Number(json, "correlation", calibration.Correlation);
        ReportJson.Number(json, "judge_mean", calibration.JudgeMean?.Mean);
        ReportJson.Number(json, "corrected", calibration.Corrected?.Estimate.Mean);
        ReportJson.Number(json, "corrected_low", calibration.CorrectedInterval?.Low);
        ReportJson.Number(json, "corrected_high", calibration.CorrectedInterval?.High);
        ReportJson.Number(json, "lambda", calibration.Corrected?.Lambda);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PairReport pairs)
    {
        json.WriteStartObject();
        json.WriteString("suite", pairs.Suite);
        json.WriteNumber("expected", pairs.Expected);
        Write(json, pairs.Tally);
        json.WriteBoolean("unreliable", pairs.IsUnreliable);
        json.WriteStartArray("models");
        foreach (var one in pairs.Models)
        {
            json.WriteStartObject();
            json.WriteString("model", one.Model);
            json.WriteNumber("wins", one.Tally.First);
            json.WriteNumber("losses", one.Tally.Second);
            json.WriteNumber("ties", one.Tally.Ties);
            ReportJson.Write(json, "win_rate", one.WinRate);
            Write(json, "rating", one.Standing);
            if (one.StyleControlled is { } styled)
            {
                Write(json, "style_controlled", styled);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("pairs");
        foreach (var pair in pairs.Pairs)
        {
            json.WriteStartObject();
            json.WriteString("first", pair.First);
            json.WriteString("second", pair.Second);
            Write(json, pair.Tally);
            ReportJson.Write(json, "win_rate", pair.WinRate);
            if (pair.People is { } people)
            {
                Write(json, "people", people);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (pairs.StyleEffects.Count > 0)
        {
            json.WriteStartObject("style_effects");
            foreach (var (feature, effect) in pairs.StyleEffects)
            {
                json.WriteNumber(feature, effect);
            }

            json.WriteEndObject();
        }

        if (pairs.Calibration is { } calibration)
        {
            Write(json, "people", calibration);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PairTally tally)
    {
        json.WriteNumber("first_wins", tally.First);
        json.WriteNumber("second_wins", tally.Second);
        json.WriteNumber("ties", tally.Ties);
        json.WriteNumber("missing", tally.Missing);
        json.WriteNumber("judgements", tally.Judgements);
        json.WriteNumber("flips", tally.Flips);
        ReportJson.Number(json, "flip_rate", tally.FlipRate);
    }

    private static void Write(Utf8JsonWriter json, string name, Standing standing)
    {
        json.WriteStartObject(name);
        json.WriteNumber("rating", standing.Rating);
        json.WriteNumber("low", standing.Interval.Low);
        json.WriteNumber("high", standing.Interval.High);
        json.WriteNumber("rank", standing.Rank);
        json.WriteEndObject();
    }
}
