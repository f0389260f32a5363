using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Writes single events and the items in them. Counts their numbers.</summary>
// The JSON writer over the caller's buffer holds nothing to release.
#pragma warning disable CA1001
internal sealed class ResponsesEventWriter
#pragma warning restore CA1001
{
    private readonly Utf8JsonWriter json = new(Stream.Null, JsonLimits.Writer);
    private IBufferWriter<byte>? target;

    /// <summary>The number of the next event.</summary>
    public long Sequence { get; private set; }

    /// <summary>Opens an event; <see cref="Close"/> ends it.</summary>
    public Utf8JsonWriter Open(string type, IBufferWriter<byte> output)
    {
        target = output;
        output.Write("event: "u8);
        Encoding.UTF8.GetBytes(type, output);
        output.Write("\ndata: "u8);
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteNumber("sequence_number", Sequence++);
        return json;
    }

    /// <summary>Opens an event about an item.</summary>
    public Utf8JsonWriter Open(string type, ResponsesOutItem item, IBufferWriter<byte> output)
    {
        Open(type, output);
        json.WriteString("item_id", item.Id);
        json.WriteNumber("output_index", item.Output);
        return json;
    }

    /// <summary>Ends the open event.</summary>
    public void Close()
    {
        json.WriteEndObject();
        json.Flush();
        target!.Write("\n\n"u8);
    }

    /// <summary>An item that begins or ends.</summary>
    public void Item(string type, ResponsesOutItem item, IBufferWriter<byte> output)
    {
        Open(type, output);
        json.WriteNumber("output_index", item.Output);
        json.WritePropertyName("item");
        Write(item, json);
        Close();
    }

    /// <summary>A piece of text.</summary>
    public void Delta(string type, ResponsesOutItem item, string index, int value, string text, IBufferWriter<byte> output)
    {
        Open(type, item, output);
        json.WriteNumber(index, value);
        json.WriteString("delta", text);
        Close();
    }

    /// <summary>An item as far as it is made.</summary>
    public static void Write(ResponsesOutItem item, Utf8JsonWriter json)
    {
        switch (item.Kind)
        {
            case ResponsesOutKind.Opaque:
                json.WriteRawValue(item.Json!, skipInputValidation: true);
                break;
            case ResponsesOutKind.Thinking:
                ResponsesThinking.Write(item.Id, item.Text.ToString(), item.Seal, json);
                break;
            case ResponsesOutKind.Call:
                json.WriteStartObject();
                json.WriteString("id", item.Id);
                json.WriteString("type", item.Input is null ? "function_call" : "custom_tool_call");
                json.WriteString("status", item.Status);
                json.WriteString("call_id", item.Call.CallId);
                ResponsesFields.WriteName(item.Call.Name, item.Call.Origin, json);
                json.WriteString(item.Input is null ? "arguments" : CustomTool.Input, item.Text.ToString());
                json.WriteEndObject();
                break;
            default:
                Message(item, json);
                break;
        }
    }

    /// <summary>A part of a message as far as it is made.</summary>
    public static void Write(ResponsesOutPart part, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", part.Type);
        if (!part.IsRefusal)
        {
            json.WriteStartArray("annotations");
            foreach (var annotation in part.Annotations)
            {
                json.WriteRawValue(annotation, skipInputValidation: true);
            }

            json.WriteEndArray();
            json.WritePropertyName("logprobs");
            json.WriteRawValue($"[{part.LogProbs}]", skipInputValidation: true);
        }

        json.WriteString(part.Names.Member, part.Text.ToString());
        json.WriteEndObject();
    }

    private static void Message(ResponsesOutItem item, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", item.Id);
        json.WriteString("type", "message");
        json.WriteString("status", item.Status);
        json.WriteStartArray("content");
        foreach (var part in item.Parts)
        {
            // What has only begun is told by its own event.
            if (part.Closed)
            {
                Write(part, json);
            }
        }

        json.WriteEndArray();
        json.WriteString("role", "assistant");
        json.WriteEndObject();
    }
}
