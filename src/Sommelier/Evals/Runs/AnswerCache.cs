using System.Text;
using System.Text.Json;

namespace Sommelier.Evals.Runs;

/// <summary>Answers of earlier runs: the results are the cache.</summary>
internal sealed class AnswerCache
{
    private readonly LineIndex lines = new(KeyOf);

    private AnswerCache()
    {
    }

    /// <summary>Reads the places of all answers of the runs in or below some folders; the last one of an answer counts.</summary>
    public static AnswerCache Open(params IEnumerable<string> folders)
    {
        var cache = new AnswerCache();
        cache.lines.Add(folders, RunFolder.ResultsName);
        return cache;
    }

    /// <summary>Whether an answer was given before.</summary>
    public bool Holds(string answerKey) => lines.Holds(answerKey);

    /// <summary>The answer that was given before; null when there is none.</summary>
    public EvalAnswer? Find(string answerKey) =>
        lines.Find(answerKey) is { } line && ResultJson.Read(line) is { } result && string.Equals(result.AnswerKey, answerKey, StringComparison.Ordinal) ? result.Answer : null;

    // The key of a line that has an answer, without reading the answer.
    private static string? KeyOf(ReadOnlySpan<byte> line)
    {
        string? key = null;
        try
        {
            var json = new Utf8JsonReader(line);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("answer"u8))
                {
                    return key;
                }

                var isKey = json.ValueTextEquals("answer_key"u8);
                json.Read();
                if (isKey)
                {
                    key = Encoding.UTF8.GetString(json.ValueSpan);
                }
                else
                {
                    json.Skip();
                }
            }
        }
        catch (JsonException)
        {
            // A torn line.
        }

        return null;
    }
}
