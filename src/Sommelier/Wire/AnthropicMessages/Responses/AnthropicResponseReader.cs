using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Reads a whole answer.</summary>
internal static class AnthropicResponseReader
{
    private static readonly string[] Known = ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"];

    /// <summary>Reads the body of a 200 reply.</summary>
    /// <exception cref="UpstreamException">It is an error in disguise, empty, or not a message.</exception>
    public static ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        using var document = Parse(body);
        var root = document.RootElement;
        AnthropicAnswerCheck.ThrowIfError(root.TryGetProperty("type"u8, out var type) && type.ValueEquals("error"u8) || root.TryGetProperty("error"u8, out _), body);
        if (!root.TryGetProperty("content"u8, out var content) || content.ValueKind != JsonValueKind.Array)
        {
            throw UpstreamException.Protocol("The answer is not a message: it has no list 'content'.");
        }

        var parts = new List<ContentPart>(content.GetArrayLength());
        var answered = false;
        var calledTool = false;
        foreach (var block in content.EnumerateArray())
        {
            var part = AnthropicBlockReader.ReadAnswer(block);
            if (part is ToolCallPart call)
            {
                if (AnthropicAnswerTool.Is(call.Name, quirks))
                {
                    answered = true;
                    part = new TextPart(call.Arguments);

                    // What the model said before it answered in JSON would spoil the JSON.
                    parts.RemoveAll(static other => other is TextPart);
                }
                else
                {
                    calledTool = true;
                }
            }

            parts.Add(part);
        }

        var reason = Text(root, "stop_reason");
        if (reason is null && parts.Count == 0)
        {
            throw AnthropicAnswerCheck.Empty(Counts(root));
        }

        var finish = AnthropicStopReason.Read(reason ?? (calledTool ? "tool_use" : "end_turn"), Text(root, "stop_sequence"));
        return new ChatResponse
        {
            Id = Text(root, "id"),
            ResponseModel = Text(root, "model"),
            Parts = parts,
            FinishReason = AnthropicAnswerTool.Finish(finish, answered, calledTool),
            Usage = Counts(root),
            Extra = Extras.Collect(root, AnthropicMessagesFormat.FormatName, Known),
        };
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> body)
    {
        AnthropicAnswerCheck.ThrowIfBlank(body);
        JsonDocument document;
        try
        {
            var reader = new Utf8JsonReader(body);
            document = JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("The answer is not valid JSON.");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw UpstreamException.Protocol("The answer is not a JSON object.");
    }

    private static Usage? Counts(JsonElement root)
    {
        if (!root.TryGetProperty("usage"u8, out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var counts = default(AnthropicUsage);
        counts.Read(JsonMarshal.GetRawUtf8Value(usage));
        return counts.Value;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? AnthropicBlockReader.Tolerant(value) : null;
}
