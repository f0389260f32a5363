using System.Text;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>
/// <c>logprobsResult</c> of a candidate: the tokens that were chosen, and at each place the likeliest ones. Between it and the words
/// of <see cref="TokenLogProbs"/>, which hold no number of a token, while Google gives no bytes: they are the text's in UTF-8.
/// </summary>
/// <remarks>Source: @google/genai 3.3.0 (<c>LogprobsResult</c>).</remarks>
internal static class GeminiLogProbs
{
    /// <summary>The member's name.</summary>
    public const string Name = "logprobsResult";

    /// <summary>Its name among the unknown fields of an answer.</summary>
    public const string OfCandidate = $"candidate.{Name}";

    /// <summary>The member as a list in the common words; null when no token is in it.</summary>
    public static string? Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.Get("chosenCandidates") is not { ValueKind: JsonValueKind.Array } chosen || chosen.GetArrayLength() == 0)
        {
            return null;
        }

        var tops = document.RootElement.Get("topCandidates") is { ValueKind: JsonValueKind.Array } list ? list : default;
        return Encoding.UTF8.GetString(JsonBytes.Value(writer =>
        {
            writer.WriteStartArray();
            foreach (var (at, token) in chosen.EnumerateArray().Index())
            {
                writer.WriteStartObject();
                Token(token, writer);
                writer.WriteStartArray("top_logprobs"u8);
                if (tops.ValueKind == JsonValueKind.Array && at < tops.GetArrayLength() && tops[at].Get("candidates") is { ValueKind: JsonValueKind.Array } others)
                {
                    foreach (var other in others.EnumerateArray())
                    {
                        writer.WriteStartObject();
                        Token(other, writer);
                        writer.WriteEndObject();
                    }
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }).Span);
    }

    /// <summary>Writes the member for a list in the common words.</summary>
    /// <param name="list">The list; null for none.</param>
    /// <param name="writer">Stands in a candidate.</param>
    public static void Write(string? list, Utf8JsonWriter writer)
    {
        if (list is null)
        {
            return;
        }

        using var document = JsonDocument.Parse(list);
        writer.WriteStartObject(Name);
        writer.WriteStartArray("chosenCandidates"u8);
        foreach (var token in document.RootElement.EnumerateArray())
        {
            Candidate(token, writer);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("topCandidates"u8);
        foreach (var token in document.RootElement.EnumerateArray())
        {
            writer.WriteStartObject();
            writer.WriteStartArray("candidates"u8);
            foreach (var other in token.Get("top_logprobs") is { ValueKind: JsonValueKind.Array } others ? others.EnumerateArray() : default)
            {
                Candidate(other, writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Token(JsonElement token, Utf8JsonWriter writer)
    {
        var text = token.Text("token") ?? "";
        writer.WriteString("token"u8, text);
        writer.WriteNumber("logprob"u8, Number(token, "logProbability"));
        writer.WriteStartArray("bytes"u8);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    private static void Candidate(JsonElement token, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("token"u8, token.Text("token") ?? "");
        writer.WriteNumber("logProbability"u8, Number(token, "logprob"));
        writer.WriteEndObject();
    }

    private static double Number(JsonElement token, string name) => token.Get(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : 0;
}
