using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.Ollama;

/// <summary>One object of an answer: the whole of it, or a line of a stream.</summary>
internal static class OllamaLine
{
    /// <summary>What is said of a refusal.</summary>
    public static readonly Warning RefusalInWords = new("emulated", "refusal", "this dialect has no word for a refusal; it is the answer's text");

    /// <summary>Fields that are read, or made anew.</summary>
    public static readonly string[] Known =
    [
        "model", "created_at", "message", "response", "thinking", "done", "done_reason", "prompt_eval_count", "eval_count", "total_duration",
        "load_duration", "prompt_eval_duration", "eval_duration", "context", "tool_calls",
    ];

    /// <summary>Parses an object and throws if it is an error.</summary>
    public static JsonDocument Parse(ReadOnlySpan<byte> json)
    {
        JsonDocument document;
        try
        {
            var reader = new Utf8JsonReader(json, JsonLimits.Reader);
            document = JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol(json.IndexOfAnyExcept(" \r\n\t"u8) < 0 ? "The answer is empty." : "The answer is not valid JSON.");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object && !document.RootElement.TryGetProperty("error", out _))
        {
            return document;
        }

        var isObject = document.RootElement.ValueKind == JsonValueKind.Object;
        document.Dispose();
        throw isObject ? new UpstreamException(Failure(json)) : UpstreamException.Protocol("The answer is not a JSON object.");
    }

    /// <summary>An error line as a failure.</summary>
    public static UpstreamFailure Failure(ReadOnlySpan<byte> json) => ErrorKinds.Failure(null, ErrorBody.Read(json));

    /// <summary>Adds what an object says to some parts.</summary>
    public static void Parts(JsonFields line, OllamaShape shape, Func<string, string> makeId, List<ContentPart> parts)
    {
        if (shape == OllamaShape.Chat)
        {
            if (line.Object("message") is { } message)
            {
                OllamaMessageReader.Said(message, makeId, shape, parts);
            }

            return;
        }

        if (line.Text("thinking") is { Length: > 0 } thinking)
        {
            parts.Add(new ReasoningPart(thinking));
        }

        if (line.Text("response") is { Length: > 0 } text)
        {
            parts.Add(new TextPart(text));
        }
    }

    /// <summary>An id for a call: the server's own, else one that is unique among answers.</summary>
    public static string Id(string? answer, string name, ref int made) =>
        name.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? name[..end] : ToolCallIds.MakeUp(answer, made++);

    /// <summary>The token counts; null when there are none.</summary>
    public static Usage? Usage(JsonFields line)
    {
        // Of a prompt that is all in the cache, old servers leave the count out.
        var input = line.Int("prompt_eval_count");
        var output = line.Int("eval_count");
        return input is null && output is null ? null : new Usage { InputTokens = Math.Max(0, input ?? 0), OutputTokens = Math.Max(0, output ?? 0) };
    }

    /// <summary>Writes model and time.</summary>
    public static void WriteHead(string model, DateTimeOffset created, Utf8JsonWriter writer)
    {
        Span<char> at = stackalloc char[28];
        created.UtcDateTime.TryFormat(at, out var length, "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        writer.WriteString("model"u8, model);
        writer.WriteString("created_at"u8, at[..length]);
    }

    /// <summary>Writes what is said.</summary>
    public static void WriteWords(IReadOnlyList<ContentPart> parts, OllamaShape shape, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var text = default(JoinedText);
        var thinking = default(JoinedText);
        foreach (var part in parts)
        {
            switch (part)
            {
                case TextPart said:
                    text.Add(said.Text);
                    CitationWarnings.Add(said, warnings);
                    Extras.Warn(said.Extra, "message.content", warnings);
                    break;
                case RefusalPart refusal:
                    text.Add(refusal.Text);
                    warnings.Add(RefusalInWords);
                    break;
                case ReasoningPart thought:
                    thinking.Add(thought.Text);
                    Extras.Warn(thought.Extra, "message.thinking", warnings);
                    if ((thought.Signature ?? thought.Redacted) is not null)
                    {
                        warnings.Add(new Warning("dropped", "reasoning", "this dialect carries no seals; they are remembered here for the next request"));
                    }

                    break;
                case ToolCallPart:
                    break;
                default:
                    LostPart.Warn(part, parts, warnings);
                    break;
            }
        }

        WriteWords(text.Text ?? "", thinking.Text ?? "", parts, shape, writer, warnings);
    }

    /// <summary>Writes what is said: text, thinking and the calls among some parts.</summary>
    public static void WriteWords(
        string text, string thinking, IReadOnlyList<ContentPart> calls, OllamaShape shape, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (shape == OllamaShape.Generate)
        {
            writer.WriteString("response"u8, text);
            WriteThinking(thinking, writer);
            return;
        }

        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("content"u8, text);
        WriteThinking(thinking, writer);
        OllamaMessageWriter.Calls(calls, writer, warnings);
        writer.WriteEndObject();
    }

    /// <summary>Writes the end: why, and how many tokens. How long it took only the server that ran the model can say.</summary>
    public static void WriteEnd(FinishReason reason, Usage? usage, ReplyContext context, Utf8JsonWriter writer)
    {
        writer.WriteBoolean("done"u8, true);
        writer.WriteString("done_reason"u8, OllamaWords.Finish(reason));
        if (usage is { } counts)
        {
            writer.WriteNumber("prompt_eval_count"u8, counts.InputTokens);
            writer.WriteNumber("eval_count"u8, counts.OutputTokens);
            UsageWriter.WriteCost(counts, context, writer);
        }
    }

    /// <summary>Writes how likely each token was; null: not known.</summary>
    public static void WriteLogProbs(string? list, Utf8JsonWriter writer)
    {
        if (list is not null)
        {
            writer.WritePropertyName(TokenLogProbs.Name);
            writer.WriteRawValue(list, skipInputValidation: true);
        }
    }

    private static void WriteThinking(string thinking, Utf8JsonWriter writer)
    {
        if (thinking.Length > 0)
        {
            writer.WriteString("thinking"u8, thinking);
        }
    }
}
