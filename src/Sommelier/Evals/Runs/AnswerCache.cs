using System.Text;
using System.Text.Json;

namespace Sommelier.Evals.Runs;

/// <summary>Answers of earlier runs: the results are the cache. Holds their places only; a line is read when it is wanted.</summary>
internal sealed class AnswerCache
{
    private readonly Dictionary<string, (string File, long Offset, int Length)> places = new(StringComparer.Ordinal);

    private AnswerCache()
    {
    }

    /// <summary>Reads the places of all answers of the runs in or below some folders; the last one of an answer counts.</summary>
    public static AnswerCache Open(params IEnumerable<string> folders)
    {
        var cache = new AnswerCache();
        foreach (var folder in folders.Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(folder, RunFolder.ResultsName, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                cache.Index(file);
            }
        }

        return cache;
    }

    /// <summary>Whether an answer was given before.</summary>
    public bool Holds(string answerKey) => places.ContainsKey(answerKey);

    /// <summary>The answer that was given before; null when there is none.</summary>
    public EvalAnswer? Find(string answerKey)
    {
        if (!places.TryGetValue(answerKey, out var place))
        {
            return null;
        }

        try
        {
            using var file = File.OpenHandle(place.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var line = new byte[place.Length];
            var read = RandomAccess.Read(file, line, place.Offset);
            return read == line.Length && ResultJson.Read(line) is { } result && string.Equals(result.AnswerKey, answerKey, StringComparison.Ordinal) ? result.Answer : null;
        }
        catch (IOException)
        {
            // The run was removed meanwhile; the model is asked again.
            return null;
        }
    }

    private void Index(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        var line = new MemoryStream();
        var buffer = new byte[1 << 16];
        var offset = 0L;
        for (int read; (read = file.Read(buffer)) > 0;)
        {
            var rest = buffer.AsSpan(0, read);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            {
                line.Write(rest[..end]);
                if (KeyOf(line.GetBuffer().AsSpan(0, (int)line.Length)) is { } key)
                {
                    places[key] = (path, offset, (int)line.Length);
                }

                offset += line.Length + 1;
                line.SetLength(0);
            }

            line.Write(rest);
        }
    }

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
