using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.TestKit;
using Sommelier.Wire.CustomTools;

namespace Sommelier.Tests.Wire.OpenAIResponses;

/// <summary>Real answers of vendors, and what they say as worked out by a plain walk that shares no code with the product.</summary>
internal sealed class ResponsesRecording
{
    public static TheoryData<string> Streams { get; } =
    [
        "azure/azure-image-generation-tool.1", "azure/azure-web-search-preview-tool.1", "azure/openai-file-search-tool.1", "azure/openai-file-search-tool.2",
        "open-responses/openai-pdf-input-file.1", "openai/github-copilot-id-rotation.1", "openai/openai-client-tool-search.1", "openai/openai-client-tool-search.2",
        "openai/openai-compaction.1", "openai/openai-custom-tool.1", "openai/openai-image-generation-tool.1", "openai/openai-local-shell-tool.1",
        "openai/openai-phase.1", "openai/openai-shell-container-multiturn.1", "openai/openai-shell-local-multiturn.1", "openai/openai-tool-search.1",
        "openai/openai-web-search-tool.1", "xai/xai-image-generation-tool.1", "xai/xai-text-streaming.1",
        "xai/xai-text-with-reasoning-streaming-store-false.1", "xai/xai-text-with-reasoning-streaming.1",
    ];

    public static TheoryData<string> Answers { get; } =
    [
        "azure/azure-image-generation-tool.1", "azure/azure-web-search-preview-tool.1", "azure/openai-file-search-tool.1", "azure/openai-file-search-tool.2",
        "open-responses/openai-pdf-input-file.1", "openai/openai-client-tool-search.1", "openai/openai-client-tool-search.2",
        "openai/openai-compaction.1", "openai/openai-custom-tool.1", "openai/openai-image-generation-tool.1", "openai/openai-local-shell-tool.1",
        "openai/openai-phase.1", "openai/openai-reasoning-encrypted-content.1", "openai/openai-shell-container-multiturn.1",
        "openai/openai-shell-local-multiturn.1", "openai/openai-tool-search.1", "openai/openai-web-search-tool.1", "xai/xai-code-execution-tool.1",
        "xai/xai-file-search-tool.1", "xai/xai-image-generation-tool.1", "xai/xai-x-search-tool.1",
    ];

    /// <summary>The bytes of a recorded answer.</summary>
    public static byte[] Answer(string name) => File.ReadAllBytes(Locate(name + ".json"));

    /// <summary>The bytes of a recorded stream, as named events.</summary>
    public static byte[] Stream(string name) => Events(File.ReadLines(Locate(name + ".chunks.txt")));

    /// <summary>The streams of a recording that holds several one after the other.</summary>
    public static List<byte[]> StreamsOf(string name)
    {
        var streams = new List<List<string>>();
        foreach (var line in File.ReadLines(Locate(name + ".chunks.txt")).Where(line => line.Length > 0))
        {
            if (line.Contains("\"type\":\"response.created\"", StringComparison.Ordinal))
            {
                streams.Add([]);
            }

            streams[^1].Add(line);
        }

        return [.. streams.Select(Events)];
    }

    /// <summary>What a recorded answer says.</summary>
    public static Said OfAnswer(string name)
    {
        using var document = JsonDocument.Parse(Answer(name));
        return OfResponse(document.RootElement);
    }

    /// <summary>What a recorded stream's last event says of the whole.</summary>
    public static Said OfStream(byte[] stream)
    {
        JsonElement? first = null;
        JsonElement? last = null;
        foreach (var line in Encoding.UTF8.GetString(stream).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            using var document = JsonDocument.Parse(line[6..]);
            if (document.RootElement.TryGetProperty("response", out var response))
            {
                first ??= response.Clone();
                last = response.Clone();
            }
        }

        // Some servers give the answer another id in each event; the first one names it.
        return OfResponse(last!.Value) with { Id = first!.Value.GetProperty("id").GetString() };
    }

    public static Said OfResponse(JsonElement response)
    {
        var (text, thinking, calls, opaque) = (new StringBuilder(), new StringBuilder(), new List<string>(), new List<string>());
        var runs = false;
        foreach (var item in response.GetProperty("output").EnumerateArray())
        {
            var type = item.GetProperty("type").GetString()!;
            switch (type)
            {
                case "message":
                    foreach (var part in item.GetProperty("content").EnumerateArray())
                    {
                        text.Append(part.GetProperty("text").GetString());
                    }

                    break;
                case "reasoning":
                    thinking.AppendJoin("\n\n", item.GetProperty("summary").EnumerateArray().Select(piece => piece.GetProperty("text").GetString()));
                    thinking.Append(item.TryGetProperty("encrypted_content", out var seal) ? seal.GetString() : "");
                    break;
                case "function_call":
                    calls.Add($"{item.GetProperty("call_id").GetString()} {item.GetProperty("name").GetString()} {item.GetProperty("arguments").GetString()}");
                    runs = true;
                    break;
                case "custom_tool_call":
                    calls.Add($"{item.GetProperty("call_id").GetString()} {item.GetProperty("name").GetString()} {CustomTool.Wrap(item.GetProperty("input").GetString()!)}");
                    runs = true;
                    break;
                default:
                    opaque.Add(type);
                    break;
            }
        }

        var usage = response.GetProperty("usage");
        return new Said(
            text.ToString(), thinking.ToString(), string.Join('|', calls), string.Join('|', opaque),
            runs ? FinishReasonKind.ToolCalls : FinishReasonKind.Stop,
            new Usage
            {
                InputTokens = usage.GetProperty("input_tokens").GetInt64(),
                CacheReadInputTokens = usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt64(),
                OutputTokens = usage.GetProperty("output_tokens").GetInt64(),
                ReasoningOutputTokens = usage.GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt64(),
                WebSearches = response.GetProperty("output").EnumerateArray().Count(IsSearch),
            },
            response.GetProperty("id").GetString(), response.GetProperty("model").GetString());
    }

    private static bool IsSearch(JsonElement item) => item.GetProperty("type").GetString() is "web_search_call"
        && (!item.TryGetProperty("action", out var action) || action.GetProperty("type").GetString() is "search");

    private static string Locate(string name) => Shared.Path(["data", "wire", .. name.Split('/')]);

    private static byte[] Events(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            using var document = JsonDocument.Parse(line);
            text.Append("event: ").Append(document.RootElement.GetProperty("type").GetString()).Append("\ndata: ").Append(line).Append("\n\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

/// <summary>What an answer says, summed up for comparison.</summary>
internal sealed record Said(string Text, string Thinking, string Calls, string Opaque, FinishReasonKind? Finish, Usage? Usage, string? Id, string? Model)
{
    public static Said Of(ChatResponse response) => new(
        string.Concat(response.Parts.Select(part => part switch { TextPart text => text.Text, RefusalPart refusal => refusal.Text, _ => "" })),
        string.Concat(response.Parts.OfType<ReasoningPart>().Select(part => part.Text + part.Signature + part.Redacted)),
        string.Join('|', response.Parts.OfType<ToolCallPart>().Select(part => $"{part.Id} {part.Name} {part.Arguments}")),
        string.Join('|', response.Parts.OfType<OpaquePart>().Select(part => part.Type)),
        response.FinishReason.Kind, response.Usage, response.Id, response.ResponseModel);

    public static Said Of(IReadOnlyList<ChatDelta> deltas)
    {
        var calls = new SortedDictionary<int, string>();
        foreach (var delta in deltas)
        {
            switch (delta)
            {
                case ToolCallStartDelta step: calls.Add(step.Index, $"{step.Id} {step.Name} "); break;
                case ToolCallArgumentsDelta step: calls[step.Index] += step.Arguments; break;
                case FailureDelta: Assert.Fail($"{delta}"); break;
            }
        }

        var start = Assert.Single(deltas.OfType<StartDelta>());
        Assert.Same(EndDelta.Instance, deltas[^1]);
        return new Said(
            string.Concat(deltas.Select(delta => delta switch { TextDelta text => text.Text, RefusalDelta refusal => refusal.Text, _ => "" })),
            string.Concat(deltas.OfType<ReasoningDelta>().Select(step => step.Text + step.Signature + step.Redacted)),
            string.Join('|', calls.Values),
            string.Join('|', deltas.OfType<OpaqueDelta>().Select(step => step.Type).Where(type => !type.StartsWith("response.", StringComparison.Ordinal) && type is not "logprobs")),
            Assert.Single(deltas.OfType<FinishDelta>()).Reason.Kind, deltas.OfType<UsageDelta>().LastOrDefault()?.Usage, start.Id, start.ResponseModel);
    }
}
