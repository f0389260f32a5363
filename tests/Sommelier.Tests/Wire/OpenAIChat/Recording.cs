using System.Text;
using System.Text.Json;
using Sommelier.TestKit;
using Sommelier.TestKit.Recordings;

namespace Sommelier.Tests.Wire.OpenAIChat;

/// <summary>Real answers of vendors, and what they say as worked out by a plain walk that shares no code with the product.</summary>
internal sealed class Recording
{
    public static TheoryData<string> Streams { get; } =
    [
        "openai-compatible/xai-tool-call.chunks.txt", "groq/groq-reasoning.chunks.txt", "groq/groq-tool-call.chunks.txt",
        "mistral/mistral-incremental-tool-call.chunks.txt", "mistral/mistral-reasoning.chunks.txt", "mistral/mistral-text.chunks.txt",
        "perplexity/perplexity-citations.chunks.txt", "perplexity/perplexity-text.chunks.txt", "azure/azure-deepseek-reasoning.1.chunks.txt",
        "openai-cassettes/chat-streaming-detailed-usage.yaml", "openai-cassettes/chat-streaming-web-search.yaml",
    ];

    public static TheoryData<string> Answers { get; } =
    [
        "openai-compatible/xai-tool-call.json", "groq/groq-reasoning.json", "groq/groq-tool-call.json", "mistral/mistral-reasoning.json",
        "mistral/mistral-text.json", "moonshotai/moonshotai-reasoning.json", "moonshotai/moonshotai-text.json", "moonshotai/moonshotai-tool-call.json",
        "perplexity/perplexity-citations.json", "perplexity/perplexity-text.json", "azure/azure-deepseek-reasoning.1.json",
        "openai-cassettes/chat-audio-to-text.yaml", "openai-cassettes/chat-basic.yaml", "openai-cassettes/chat-image-to-text.yaml",
        "openai-cassettes/chat-multimodal.yaml", "openai-cassettes/chat-openai-agents-python.yaml", "openai-cassettes/chat-reasoning.yaml",
        "openai-cassettes/chat-text-to-audio.yaml", "openai-cassettes/chat-text-to-image-tool.yaml",
    ];

    public static TheoryData<string> Requests { get; } =
    [
        "openai-cassettes/chat-audio-to-text.yaml", "openai-cassettes/chat-basic.yaml", "openai-cassettes/chat-image-to-text.yaml",
        "openai-cassettes/chat-multimodal.yaml", "openai-cassettes/chat-openai-agents-python.yaml", "openai-cassettes/chat-reasoning.yaml",
        "openai-cassettes/chat-text-to-audio.yaml", "openai-cassettes/chat-text-to-image-tool.yaml",
        "openai-cassettes/chat-streaming-detailed-usage.yaml", "openai-cassettes/chat-streaming-web-search.yaml",
    ];

    public string Text { get; private set; } = "";

    public string Thinking { get; private set; } = "";

    public string Refusal { get; private set; } = "";

    public List<(string? Id, string Name, string Arguments)> Calls { get; } = [];

    public string? Finish { get; private set; }

    public string? Id { get; private set; }

    public string? Model { get; private set; }

    public long[]? Usage { get; private set; }

    /// <summary>The bytes of a recorded request body.</summary>
    public static byte[] Request(string name) => Encoding.UTF8.GetBytes(Cassette.Body(Locate(name), "request"));

    /// <summary>The bytes of a recorded answer.</summary>
    public static byte[] Answer(string name) => name.EndsWith(".yaml", StringComparison.Ordinal)
        ? Encoding.UTF8.GetBytes(Cassette.Body(Locate(name), "response"))
        : File.ReadAllBytes(Locate(name));

    /// <summary>The bytes of a recorded stream, as events.</summary>
    public static byte[] Stream(string name, bool done = true)
    {
        if (name.EndsWith(".yaml", StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(Cassette.Body(Locate(name), "response"));
        }

        var text = new StringBuilder();
        foreach (var line in File.ReadLines(Locate(name)).Where(line => line.Length > 0))
        {
            text.Append("data: ").Append(line).Append("\n\n");
        }

        return Encoding.UTF8.GetBytes(text + (done ? "data: [DONE]\n\n" : ""));
    }

    public static Recording OfAnswer(string name)
    {
        var recording = new Recording();
        recording.Take(Answer(name), "message");
        return recording;
    }

    public static Recording OfStream(string name)
    {
        var recording = new Recording();
        foreach (var line in Encoding.UTF8.GetString(Stream(name)).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            recording.Take(Encoding.UTF8.GetBytes(line[6..]), "delta");
        }

        return recording;
    }

    private static string Locate(string name) => Shared.Path(["data", "wire", .. name.Split('/')]);

    private void Take(byte[] json, string member)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        Id ??= String(root, "id") is { Length: > 0 } id ? id : null;
        Model ??= String(root, "model") is { Length: > 0 } model ? model : null;
        TakeUsage(root);
        foreach (var choice in root.GetProperty("choices").EnumerateArray())
        {
            Finish = String(choice, "finish_reason") ?? Finish;
            TakeMessage(choice.GetProperty(member));
        }
    }

    private void TakeMessage(JsonElement message)
    {
        Refusal += String(message, "refusal");
        Thinking += String(message, "reasoning_content") ?? String(message, "reasoning");
        if (message.TryGetProperty("content", out var content))
        {
            if (content.ValueKind == JsonValueKind.Array)
            {
                foreach (var part in content.EnumerateArray())
                {
                    Text += String(part, "text");
                    Thinking += part.TryGetProperty("thinking", out var thinking) ? string.Concat(thinking.EnumerateArray().Select(piece => String(piece, "text"))) : "";
                }
            }
            else
            {
                Text += content.GetString();
            }
        }

        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            foreach (var call in calls.EnumerateArray())
            {
                var index = call.TryGetProperty("index", out var number) ? number.GetInt32() : Calls.Count;
                while (Calls.Count <= index)
                {
                    Calls.Add((null, "", ""));
                }

                var function = call.GetProperty("function");
                var (id, name, arguments) = Calls[index];
                Calls[index] = (String(call, "id") ?? id, name + String(function, "name"), arguments + String(function, "arguments"));
            }
        }
    }

    private void TakeUsage(JsonElement root)
    {
        if (!root.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var cached = Number(usage, "cached_tokens") + Number(Object(usage, "prompt_tokens_details"), "cached_tokens");
        var reasoning = Number(usage, "reasoning_tokens") + Number(Object(usage, "completion_tokens_details"), "reasoning_tokens");

        // What is not input is output, thinking included, wherever a vendor counts it.
        var input = Number(usage, "prompt_tokens");
        Usage =
        [
            input, cached, Number(usage, "total_tokens") - input, reasoning,
            Number(Object(usage, "prompt_tokens_details"), "audio_tokens"), Number(Object(usage, "completion_tokens_details"), "audio_tokens"),
        ];
    }

    private static JsonElement? Object(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static long Number(JsonElement? element, string name) =>
        element is { } there && there.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    private static string? String(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
