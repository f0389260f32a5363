using System.Text;
using System.Text.Json;
using Sommelier.TestKit;

namespace Sommelier.Tests.Wire.Recordings;

/// <summary>A recorded reply, the format that it is in, and its bytes as they came over the network.</summary>
internal sealed record RecordedFile(string Name, string Format, bool Streamed, IReadOnlyList<JsonElement> Events)
{
    // What no chat format is about, and why; a new file that fits nothing fails the test that lists all files.
    private static readonly (string Part, string Reason)[] Others =
    [
        ("reranking", "documents ranked"), ("transcription", "speech to text"), ("embedding", "vectors; see the formats of embeddings"), ("speech-translation", "live speech"),
        ("openai/openai-image.json", "a picture"), ("gpt-image", "an error about a picture"), ("skill-create", "a file's record"), ("cohere/", "Cohere's own format, which is not spoken"),
        ("google/basic", "Google's Interactions API"), ("google/google-search", "Google's Interactions API"), ("google/multi-turn", "Google's Interactions API"),
        ("google/structured-output", "Google's Interactions API"), ("openai-cassettes/", "read by Wire/OpenAIChat/RecordingTests"), ("-error.json", "an error; see ErrorTests"),
        ("spliced-message-start", "two answers in one stream, which is a fault; see AnthropicStreamTests"), ("openai/openai-error.1.json", "an error; see ErrorTests"), ("openai/reasoning-model", "an error; see ErrorTests"),
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
        var streamed = name.EndsWith(".chunks.txt", StringComparison.Ordinal);
        JsonElement[] events = streamed
            ? [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<JsonElement>(line))]
            : [JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(path))];
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
                Sommelier.Wire.EventStream.EventStreamWriter.WriteEvent(Encoding.UTF8.GetBytes(member.Name), Encoding.UTF8.GetBytes(member.Value.GetRawText()), frames);
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
            : "anthropic-messages";
    }

    private static bool Has(JsonElement element, string name) => element.TryGetProperty(name, out _);
}
