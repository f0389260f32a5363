using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Reads whole answers.</summary>
internal static class ConverseResponseReader
{
    private const string Format = BedrockConverseFormat.FormatName;

    private static readonly string[] Known = ["output", "stopReason", "usage", "metrics", "serviceTier", "performanceConfig"];

    /// <summary>Reads an answer.</summary>
    /// <exception cref="UpstreamException">It is an error in disguise, empty, or not of the format.</exception>
    public static ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        using var document = Parse(body);
        var root = new JsonFields(document.RootElement, "");
        try
        {
            var parts = new List<ContentPart>();
            var index = 0;
            foreach (var item in root.Object("output")?.Object("message")?.List("content")?.EnumerateArray() ?? default)
            {
                ConverseBlockReader.ReadAnswer(JsonFields.Of(item, $"output.message.content[{index++}]"), parts);
            }

            var word = root.Text("stopReason");
            if (parts.Count == 0 && word is null)
            {
                throw Empty(Usage(root.Element));
            }

            Cited(parts);
            var reason = AsText(parts, quirks, ConverseStopReason.Read(word));
            return new ChatResponse { Parts = parts, FinishReason = reason, Usage = Usage(root.Element), Extra = root.Unknown(Format, Known) };
        }
        catch (WireException wrong)
        {
            throw UpstreamException.Protocol(wrong.Message);
        }
    }

    /// <summary>Reads off an answer that is passed on as it is.</summary>
    public static AnswerFacts Scan(ReadOnlySpan<byte> body)
    {
        using var document = Parse(body);
        var root = document.RootElement;
        var facts = new AnswerFacts { Usage = Usage(root) };
        var word = root.TryGetProperty("stopReason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString() : null;
        var content = root.TryGetProperty("output", out var output) && output.ValueKind == JsonValueKind.Object
            && output.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object
            && message.TryGetProperty("content", out var list) && list.ValueKind == JsonValueKind.Array ? list : default;
        if (content.ValueKind == JsonValueKind.Array)
        {
            facts.OutputBytes = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(content).Length;
            facts.HasToolCall = content.EnumerateArray().Any(static block => block.ValueKind == JsonValueKind.Object && block.TryGetProperty("toolUse", out _) && !ConverseBlockReader.IsServersOwn(new JsonFields(block, "")));
        }

        if (word is null && (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0))
        {
            throw Empty(facts.Usage);
        }

        facts.FinishReason = ConverseStopReason.Read(word);
        return facts;
    }

    // A piece of the answer's text like any other, with where it is taken from.
    private static void Cited(List<ContentPart> parts)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is OpaquePart { Type: ConverseCitations.Kind, Plain: [TextPart text] })
            {
                parts[i] = text;
            }
        }
    }

    // The tool that stood in for a schema gave the answer: the caller asked for text.
    private static FinishReason AsText(List<ContentPart> parts, WireQuirks quirks, FinishReason reason)
    {
        var answered = false;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is ToolCallPart call && AnthropicAnswerTool.Is(call.Name, quirks))
            {
                parts[i] = new TextPart(call.Arguments);
                answered = true;
            }
        }

        return AnthropicAnswerTool.Finish(reason, answered, parts.Exists(static part => part is ToolCallPart));
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> body)
    {
        JsonDocument document;
        try
        {
            var reader = new Utf8JsonReader(body, JsonLimits.Reader);
            document = JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol(body.IndexOfAnyExcept(" \r\n\t"u8) < 0 ? "The answer is empty." : "The answer is not valid JSON.");
        }

        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && (root.TryGetProperty("output", out _) || root.TryGetProperty("stopReason", out _)))
        {
            return document;
        }

        var isObject = root.ValueKind == JsonValueKind.Object;
        document.Dispose();
        throw isObject ? new UpstreamException(ConverseErrorReader.Read(200, static _ => null, body, default)) : UpstreamException.Protocol("The answer is not a JSON object.");
    }

    private static Usage? Usage(JsonElement root) => ConverseUsage.Of(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(root));

    private static UpstreamException Empty(Usage? usage) => new(new(UpstreamFailureKind.EmptyAnswer, "The answer has nothing in it.")) { Usage = usage };
}
