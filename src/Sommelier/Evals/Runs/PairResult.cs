using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Evals.Pairs;

namespace Sommelier.Evals.Runs;

/// <summary>What a comparison came to: a line of <c>comparisons.jsonl</c>.</summary>
/// <param name="Key">What it is of.</param>
/// <param name="Answers">Which answers, see <see cref="PairItem.Answers"/>.</param>
/// <param name="At">When it was written, UTC.</param>
/// <param name="Grade">Who won.</param>
/// <param name="People">What people said: 1 for the first, 0 for the second; null without a label.</param>
internal sealed record PairResult(PairKey Key, string Answers, DateTimeOffset At, PairGrade Grade, double? People)
{
    /// <summary>Writes it as an object.</summary>
    public static void Write(Utf8JsonWriter json, PairResult result)
    {
        json.WriteStartObject();
        json.WriteString("suite", result.Key.Suite);
        json.WriteString("case", result.Key.Case);
        json.WriteString("first", result.Key.First);
        json.WriteString("second", result.Key.Second);
        json.WriteNumber("repeat", result.Key.Repeat);
        json.WriteString("answers", result.Answers);
        json.WriteString("at", result.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteString("winner", EnumNames<PairWinner>.Of(result.Grade.Winner));
        json.WriteNumber("judgements", result.Grade.Judgements);
        json.WriteNumber("flips", result.Grade.Flips);
        json.WriteString("reason", result.Grade.Reason);
        if (result.People is { } people)
        {
            json.WriteNumber("people", people);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads a line; null when it is none, which a torn last line is.</summary>
    public static PairResult? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return new(
                new(json.GetProperty("suite").GetString()!, json.GetProperty("case").GetString()!, json.GetProperty("first").GetString()!, json.GetProperty("second").GetString()!, json.GetProperty("repeat").GetInt32()),
                json.GetProperty("answers").GetString()!,
                json.GetProperty("at").GetDateTimeOffset(),
                new(EnumNames<PairWinner>.Parse(json.GetProperty("winner").GetString()) ?? PairWinner.Missing, json.GetProperty("judgements").GetInt32(), json.GetProperty("flips").GetInt32(), json.GetProperty("reason").GetString()!),
                json.TryGetProperty("people", out var people) ? people.GetDouble() : null);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
