using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Gateway.Bodies;

/// <summary>A stream put together again: what is cut in pieces hides what must be taken out, and nobody reads it.</summary>
internal static class StreamedReply
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The stream's content as JSON: <c>content</c>, <c>finish_reason</c>, and <c>error</c> where the stream tells one.</summary>
    /// <param name="format">The caller's dialect.</param>
    /// <param name="stream">The events.</param>
    /// <param name="cut">Whether more followed.</param>
    /// <param name="redactor">For the end of what was cut.</param>
    public static byte[] Assemble(IWireFormat format, ReadOnlySpan<byte> stream, bool cut, Redactor redactor)
    {
        using var decoder = format.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(stream, steps);
        var collector = new StepCollector();
        foreach (var step in steps)
        {
            collector.Add(step);
        }

        var answer = collector.Answer();
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output, Written);
        json.WriteStartObject();
        json.WriteStartArray("content");
        foreach (var part in answer?.Parts ?? [])
        {
            Write(json, part, cut, redactor);
        }

        json.WriteEndArray();
        json.WriteString("finish_reason", answer is null ? null : EnumNames<FinishReasonKind>.Of(answer.FinishReason.Kind));
        if (collector.Failure is { } failure)
        {
            json.WriteString("error", failure.Message);
        }

        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Assemble"/> wrote: texts, refusals and tool calls. Null when it is something else.</summary>
    public static IReadOnlyList<ContentPart>? Read(ReadOnlyMemory<byte> assembled)
    {
        try
        {
            using var json = JsonDocument.Parse(assembled);
            return [.. json.RootElement.GetProperty("content").EnumerateArray().Select(Read).OfType<ContentPart>()];
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static ContentPart? Read(JsonElement part) => part.GetProperty("type").GetString() switch
    {
        "text" => new TextPart(part.GetProperty("text").GetString() ?? ""),
        "refusal" => new RefusalPart(part.GetProperty("text").GetString() ?? ""),
        "tool_call" => new ToolCallPart("", part.GetProperty("name").GetString() ?? "", part.GetProperty("arguments").GetString() ?? "{}"),
        _ => null,
    };

    private static void Write(Utf8JsonWriter json, ContentPart part, bool cut, Redactor redactor)
    {
        var (type, text) = part switch
        {
            TextPart said => ("text", said.Text),
            RefusalPart refused => ("refusal", refused.Text),
            ReasoningPart thought => ("reasoning", thought.Text),
            ToolCallPart call => ("tool_call", call.Arguments),
            _ => ("other", ""),
        };
        json.WriteStartObject();
        json.WriteString("type", type);
        if (part is ToolCallPart named)
        {
            json.WriteString("name", named.Name);
        }

        json.WriteString(part is ToolCallPart ? "arguments" : "text", cut ? redactor.RedactCut(text) : text);
        json.WriteEndObject();
    }
}
