using System.Text;
using System.Text.Json;
using Sommelier.Wire.EventStream;

namespace Sommelier.TestKit.Recordings;

/// <summary>A recorded reply, the format that it is in, and its bytes as they came over the network.</summary>
/// <param name="Name">Its file below the folder of recordings, and which answer of the file it is, e.g. <c>groq/groq-tool-call.json#0</c>.</param>
/// <param name="Format">The wire format's name; that of OpenAI's chat for an error in OpenAI's words.</param>
/// <param name="Streamed">Whether it is a stream.</param>
/// <param name="Events">The events of the stream; else the one object.</param>
public sealed record RecordedFile(string Name, string Format, bool Streamed, IReadOnlyList<JsonElement> Events)
{
    // What no chat format is about, and why; a new file that fits nothing fails the tests that read all files.
    private static readonly (string Part, string Reason)[] Others =
    [
        ("reranking", "documents ranked"), ("transcription", "speech to text"), ("embedding", "vectors; see the formats of embeddings"), ("speech-translation", "live speech"),
        ("openai/openai-image.json", "a picture"), ("image-generation-basic", "a picture"), ("skill-create", "a file's record"), ("cohere/", "Cohere's own format, which is not spoken"),
        ("google/basic", "Google's Interactions API"), ("google/google-search", "Google's Interactions API"), ("google/multi-turn", "Google's Interactions API"),
        ("google/structured-output", "Google's Interactions API"), ("openai-cassettes/completion", "OpenAI's older completions"),
    ];

    /// <summary>All files, as paths below the folder of recordings.</summary>
    public static IReadOnlyList<string> Names
    {
        get
        {
            var root = Shared.Path("data", "wire");
            return [.. Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Why a file is not read as a chat; null when it is one.</summary>
    public static string? OtherThan(string name) => Others.FirstOrDefault(other => name.Contains(other.Part, StringComparison.Ordinal)).Reason;

    /// <summary>Reads a file; one that holds several answers in a row gives several.</summary>
    public static IEnumerable<RecordedFile> Read(string name)
    {
        var path = Path.Combine(Shared.Path("data", "wire"), name);
        var text = name.EndsWith(".yaml", StringComparison.Ordinal) ? Cassette.Body(path, "response") : File.ReadAllText(path);
        var isEvents = text.StartsWith("data: ", StringComparison.Ordinal);
        var streamed = isEvents || name.EndsWith(".chunks.txt", StringComparison.Ordinal);
        JsonElement[] events = streamed
            ? [.. text.Split('\n').Select(line => isEvents ? DataOf(line) : line).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<JsonElement>(line))]
            : [JsonSerializer.Deserialize<JsonElement>(text)];
        var format = FormatOf(events);
        var begun = 0;
        for (var i = 0; i < events.Length; i++)
        {
            var isEnd = streamed && events[i].ValueKind == JsonValueKind.Object && (events[i].TryGetProperty("type", out var type) ? type.GetString() : "") is "message_stop" or "response.completed" or "response.incomplete";
            if (isEnd || i == events.Length - 1)
            {
                yield return new RecordedFile($"{name}#{begun}", format, streamed, events[begun..(i + 1)]);
                begun = i + 1;
            }
        }
    }

    /// <summary>The HTTP status that came with a recorded error; null where it is an answer, or a stream that began as one.</summary>
    /// <remarks>Recordings keep bodies only. Source of the pairs: OpenAI's table of error codes.</remarks>
    public int? ErrorStatus => Streamed || Error is not { } error ? null
        : error.GetProperty("code").GetString() is "insufficient_quota" ? 429
        : error.GetProperty("type").GetString() is "invalid_request_error" ? 400
        : throw new InvalidDataException($"{Name} is an error of a kind that is not known here: say its status.");

    /// <summary>Whether what it holds is no answer: an error, or two answers spliced into one stream.</summary>
    public bool IsFault => Error is not null || Events.Select(MessageId).OfType<string>().Distinct(StringComparer.Ordinal).Count() > 1;

    private JsonElement? Error => Events.Select(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? error : (JsonElement?)null).FirstOrDefault(error => error is not null);

    /// <summary>The bytes as the vendor sent them.</summary>
    public byte[] Bytes()
    {
        if (!Streamed)
        {
            return JsonSerializer.SerializeToUtf8Bytes(Events[0]);
        }

        if (Format == "bedrock-converse")
        {
            var frames = new System.Buffers.ArrayBufferWriter<byte>();
            foreach (var item in Events)
            {
                var member = item.EnumerateObject().Single();
                EventStreamWriter.WriteEvent(Encoding.UTF8.GetBytes(member.Name), Encoding.UTF8.GetBytes(member.Value.GetRawText()), frames);
            }

            return frames.WrittenSpan.ToArray();
        }

        var text = new StringBuilder();
        foreach (var item in Events)
        {
            if (Format is "anthropic-messages" or "openai-responses")
            {
                text.Append($"event: {item.GetProperty("type").GetString()}\n");
            }

            text.Append($"data: {item.GetRawText()}\n\n");
        }

        return Encoding.UTF8.GetBytes(Format == "openai-chat" ? text.Append("data: [DONE]\n\n").ToString() : text.ToString());
    }

    private static string FormatOf(JsonElement[] events)
    {
        var first = events[0];
        return Has(first, "candidates") ? "gemini"
            : Has(first, "output") && first.GetProperty("output").ValueKind == JsonValueKind.Object ? "bedrock-converse"
            : Has(first, "messageStart") || Has(first, "contentBlockStart") || Has(first, "contentBlockDelta") ? "bedrock-converse"
            : Has(first, "choices") ? "openai-chat"
            : Has(first, "output") || (Has(first, "type") && first.GetProperty("type").GetString()!.StartsWith("response.", StringComparison.Ordinal)) ? "openai-responses"
            : Has(first, "error") ? "openai-chat"
            : "anthropic-messages";
    }

    private static string? MessageId(JsonElement item) => item.TryGetProperty("type", out var type) && type.ValueEquals("message_start") ? item.GetProperty("message").GetProperty("id").GetString() : null;

    private static string DataOf(string line) => line.StartsWith("data: {", StringComparison.Ordinal) ? line[6..] : "";

    private static bool Has(JsonElement element, string name) => element.TryGetProperty(name, out _);
}
