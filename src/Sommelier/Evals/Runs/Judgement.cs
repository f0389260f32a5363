using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sommelier.Evals.Runs;

/// <summary>What a judge or an embedder said, or what asking it in vain cost: a line of <c>judgements.jsonl</c>.</summary>
internal sealed record Judgement
{
    /// <summary>Tells the question from every other: judge, texts, parameters and which time it was asked.</summary>
    public required string Key { get; init; }

    /// <summary>Who was asked: a deployment's id.</summary>
    public required string Judge { get; init; }

    /// <summary>The model that says it answered; empty where none does. Another one than before is another judge.</summary>
    public string Version { get; init; } = "";

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What all calls for it cost.</summary>
    public decimal SpentUsd { get; init; }

    /// <summary>Its words; null where vectors were asked for, or nothing came.</summary>
    public string? Text { get; init; }

    /// <summary>Its vectors, in the order of the texts; null where words were asked for, or nothing came.</summary>
    public IReadOnlyList<float[]>? Vectors { get; init; }

    /// <summary>Writes it as an object. What tells it comes before what it says, so that it is found without being read.</summary>
    public static void Write(Utf8JsonWriter json, Judgement said)
    {
        json.WriteStartObject();
        json.WriteString("key", said.Key);
        json.WriteString("judge", said.Judge);
        json.WriteString("version", said.Version);
        json.WriteString("at", said.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteNumber("spent_usd", said.SpentUsd);
        if (said.Text is not null)
        {
            json.WriteString("text", said.Text);
        }
        else if (said.Vectors is not null)
        {
            json.WriteStartArray("vectors");
            foreach (var vector in said.Vectors)
            {
                json.WriteBase64StringValue(MemoryMarshal.AsBytes<float>(vector));
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Reads a line; null when it is none, which a torn last line is.</summary>
    public static Judgement? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return new()
            {
                Key = json.GetProperty("key").GetString()!,
                Judge = json.GetProperty("judge").GetString()!,
                Version = json.GetProperty("version").GetString()!,
                At = json.GetProperty("at").GetDateTimeOffset(),
                SpentUsd = json.GetProperty("spent_usd").GetDecimal(),
                Text = json.TryGetProperty("text", out var text) ? text.GetString() : null,
                Vectors = json.TryGetProperty("vectors", out var vectors)
                    ? [.. vectors.EnumerateArray().Select(static vector => MemoryMarshal.Cast<byte, float>(vector.GetBytesFromBase64()).ToArray())]
                    : null,
            };
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
