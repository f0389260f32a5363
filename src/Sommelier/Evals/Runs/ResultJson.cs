using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Evals.Graders;

namespace Sommelier.Evals.Runs;

/// <summary>A result as one line of JSON, and back.</summary>
internal static class ResultJson
{
    /// <summary>Writes a result as an object, without a line break.</summary>
    public static void Write(Utf8JsonWriter json, EvalResult result)
    {
        json.WriteStartObject();
        json.WriteString("suite", result.Key.Suite);
        json.WriteString("case", result.Key.Case);
        json.WriteString("model", result.Key.Model);
        json.WriteNumber("repeat", result.Key.Repeat);
        json.WriteString("answer_key", result.AnswerKey);
        json.WriteString("at", result.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteNumber("spent_usd", result.SpentUsd);
        if (result.Answer is { } answer)
        {
            json.WritePropertyName("answer");
            Write(json, answer);
        }
        else
        {
            json.WriteString("error", result.Error);
        }

        if (result.Score is { } score)
        {
            json.WriteNumber("score", score);
        }

        json.WriteBoolean("passed", result.Passed);
        json.WriteStartArray("grades");
        foreach (var grade in result.Grades)
        {
            json.WriteStartObject();
            json.WriteString("kind", grade.Kind);
            if (grade.Metric is not null)
            {
                json.WriteString("metric", grade.Metric);
            }

            json.WriteNumber("weight", grade.Weight);
            json.WriteBoolean("hard", grade.Hard);
            json.WriteString("state", EnumNames<GradeState>.Of(grade.State));
            json.WriteNumber("score", grade.Score);
            json.WriteString("reason", grade.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads a line; null when it is none, which a torn last line is.</summary>
    public static EvalResult? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return new()
            {
                Key = new(json.GetProperty("suite").GetString()!, json.GetProperty("case").GetString()!, json.GetProperty("model").GetString()!, json.GetProperty("repeat").GetInt32()),
                AnswerKey = json.GetProperty("answer_key").GetString()!,
                At = json.GetProperty("at").GetDateTimeOffset(),
                SpentUsd = json.GetProperty("spent_usd").GetDecimal(),
                Answer = json.TryGetProperty("answer", out var answer) ? Answer(answer) : null,
                Error = json.TryGetProperty("error", out var error) ? error.GetString()! : "",
                Score = json.TryGetProperty("score", out var score) ? score.GetDouble() : null,
                Passed = json.GetProperty("passed").GetBoolean(),
                Grades = [.. json.GetProperty("grades").EnumerateArray().Select(Grade)],
            };
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, EvalAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("text", answer.Text);
        if (answer.ToolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in answer.ToolCalls)
            {
                json.WriteStartObject();
                json.WriteString("id", call.Id);
                json.WriteString("name", call.Name);
                json.WriteString("arguments", call.Arguments);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (answer.FinishReason is { } finish)
        {
            json.WriteString("finish_reason", EnumNames<FinishReasonKind>.Of(finish));
        }

        if (answer.ResponseModel is not null)
        {
            json.WriteString("response_model", answer.ResponseModel);
        }

        if (answer.Usage is { } usage)
        {
            json.WriteStartObject("usage");
            json.WriteNumber("input_tokens", usage.InputTokens);
            json.WriteNumber("output_tokens", usage.OutputTokens);
            json.WriteNumber("reasoning_tokens", usage.ReasoningOutputTokens);
            json.WriteNumber("cache_read_tokens", usage.CacheReadInputTokens);
            json.WriteBoolean("estimated", usage.Estimated);
            json.WriteEndObject();
        }

        if (answer.CostUsd is { } cost)
        {
            json.WriteNumber("cost_usd", cost);
        }

        if (answer.Latency is { } latency)
        {
            json.WriteNumber("latency_ms", Math.Round(latency.TotalMilliseconds, 3));
        }

        json.WriteNumber("attempts", answer.Attempts);
        json.WriteBoolean("simulated", answer.Simulated);
        json.WriteBoolean("kept", answer.Kept);
        json.WriteEndObject();
    }

    private static EvalAnswer Answer(JsonElement json) => new()
    {
        Text = json.GetProperty("text").GetString()!,
        ToolCalls = json.TryGetProperty("tool_calls", out var calls)
            ? [.. calls.EnumerateArray().Select(static call => new ToolCallPart(call.GetProperty("id").GetString()!, call.GetProperty("name").GetString()!, call.GetProperty("arguments").GetString()!))]
            : [],
        FinishReason = json.TryGetProperty("finish_reason", out var finish) ? EnumNames<FinishReasonKind>.Parse(finish.GetString()) : null,
        ResponseModel = json.TryGetProperty("response_model", out var model) ? model.GetString() : null,
        Usage = json.TryGetProperty("usage", out var usage)
            ? new Usage
            {
                InputTokens = usage.GetProperty("input_tokens").GetInt64(),
                OutputTokens = usage.GetProperty("output_tokens").GetInt64(),
                ReasoningOutputTokens = usage.GetProperty("reasoning_tokens").GetInt64(),
                CacheReadInputTokens = usage.GetProperty("cache_read_tokens").GetInt64(),
                Estimated = usage.GetProperty("estimated").GetBoolean(),
            }
            : null,
        CostUsd = json.TryGetProperty("cost_usd", out var cost) ? cost.GetDecimal() : null,
        Latency = json.TryGetProperty("latency_ms", out var latency) ? TimeSpan.FromMilliseconds(latency.GetDouble()) : null,
        Attempts = json.GetProperty("attempts").GetInt32(),
        Simulated = json.GetProperty("simulated").GetBoolean(),
        Kept = json.GetProperty("kept").GetBoolean(),
    };

    private static GradedExpectation Grade(JsonElement json) => new(
        json.GetProperty("kind").GetString()!,
        json.TryGetProperty("metric", out var metric) ? metric.GetString() : null,
        json.GetProperty("weight").GetDouble(),
        json.GetProperty("hard").GetBoolean(),
        EnumNames<GradeState>.Parse(json.GetProperty("state").GetString()) ?? GradeState.Missing,
        json.GetProperty("score").GetDouble(),
        json.GetProperty("reason").GetString()!);
}
