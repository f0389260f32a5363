using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// Writes a chunk as OpenAI's own clients take it, where a server that follows OpenAI's format departs from it: content as
/// a list of text and thinking (Mistral), no role at the start of a choice, no numbers of choices and of tool calls or the
/// same for all, no type of a call. Everything else in the chunk stays as it is.
/// </summary>
internal sealed class ChunkRepair
{
    private readonly ulong roles;
    private readonly CallNumbers? numbers;
    private readonly Utf8JsonWriter writer;
    private bool changed;

    private ChunkRepair(ulong roles, CallNumbers? numbers, Utf8JsonWriter writer) => (this.roles, this.numbers, this.writer) = (roles, numbers, writer);

    /// <summary>The chunk as it should be; empty when it is so already.</summary>
    /// <param name="data">The chunk.</param>
    /// <param name="roles">The choices that must say whose turn it is, one bit each.</param>
    /// <param name="numbers">The calls of the stream; null when the chunk's numbers are right.</param>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> data, ulong roles, CallNumbers? numbers)
    {
        var reader = new Utf8JsonReader(data, JsonLimits.Reader);
        using var document = JsonDocument.ParseValue(ref reader);
        var output = new ArrayBufferWriter<byte>(data.Length + 64);
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        var repair = new ChunkRepair(roles, numbers, writer);
        repair.Chunk(document.RootElement);
        writer.Flush();
        return repair.changed ? output.WrittenSpan : default;
    }

    private void Chunk(JsonElement chunk)
    {
        writer.WriteStartObject();
        foreach (var member in chunk.EnumerateObject())
        {
            if (member.NameEquals("choices"u8) && member.Value.ValueKind == JsonValueKind.Array)
            {
                writer.WriteStartArray(member.Name);
                var place = 0;
                foreach (var choice in member.Value.EnumerateArray())
                {
                    Choice(choice, place++);
                }

                writer.WriteEndArray();
            }
            else
            {
                Copy(member);
            }
        }

        writer.WriteEndObject();
    }

    private void Choice(JsonElement choice, int place)
    {
        writer.WriteStartObject();
        var index = choice.TryGetProperty("index"u8, out var given) && given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number) ? number : (int?)null;
        if (index is null)
        {
            changed = true;
            writer.WriteNumber("index", place);
        }

        foreach (var member in choice.EnumerateObject())
        {
            if (member.NameEquals("delta"u8) && member.Value.ValueKind == JsonValueKind.Object)
            {
                writer.WriteStartObject(member.Name);
                Delta(member.Value, index ?? place);
                writer.WriteEndObject();
            }
            else if (index is not null || !member.NameEquals("index"u8))
            {
                Copy(member);
            }
        }

        writer.WriteEndObject();
    }

    private void Delta(JsonElement delta, int choice)
    {
        var lacksRole = choice < 64 && (roles & (1UL << choice)) != 0;
        if (lacksRole)
        {
            changed = true;
            writer.WriteString("role", "assistant");
        }

        foreach (var member in delta.EnumerateObject())
        {
            if (member.NameEquals("content"u8) && member.Value.ValueKind == JsonValueKind.Array)
            {
                Content(member.Value);
            }
            else if (numbers is not null && member.NameEquals("tool_calls"u8) && member.Value.ValueKind == JsonValueKind.Array)
            {
                writer.WriteStartArray(member.Name);
                foreach (var call in member.Value.EnumerateArray())
                {
                    Call(call, choice, numbers);
                }

                writer.WriteEndArray();
            }
            else if (!lacksRole || !member.NameEquals("role"u8))
            {
                Copy(member);
            }
        }
    }

    private void Call(JsonElement call, int choice, CallNumbers numbers)
    {
        if (call.ValueKind != JsonValueKind.Object)
        {
            writer.WriteRawValue(call.GetRawText(), skipInputValidation: true);
            return;
        }

        var raw = JsonMarshal.GetRawUtf8Value(call);
        var reader = new Utf8JsonReader(raw, JsonLimits.Reader);
        reader.Read();
        var head = CallHead.Read(ref reader) with { Choice = choice };
        var number = numbers.Of(head, raw);
        changed |= head.Index != number;
        writer.WriteStartObject();
        writer.WriteNumber("index", number);
        if (head is { IsNamed: true, IsTyped: false })
        {
            changed = true;
            writer.WriteString("type", call.TryGetProperty("custom"u8, out _) ? "custom" : "function");
        }

        foreach (var member in call.EnumerateObject())
        {
            if (!member.NameEquals("index"u8) && (head.IsTyped || !head.IsNamed || !member.NameEquals("type"u8)))
            {
                Copy(member);
            }
        }

        writer.WriteEndObject();
    }

    // The insides of the strings are put together as they are, so that a character that was cut in two stays so.
    private void Content(JsonElement list)
    {
        changed = true;
        var text = new ArrayBufferWriter<byte>();
        var thinking = new ArrayBufferWriter<byte>();
        foreach (var part in list.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            Add(part, "text"u8, text);
            if (part.TryGetProperty("thinking"u8, out var thought) && thought.ValueKind == JsonValueKind.Array)
            {
                foreach (var piece in thought.EnumerateArray())
                {
                    Add(piece, "text"u8, thinking);
                }
            }
            else
            {
                Add(part, "thinking"u8, thinking);
            }
        }

        if (text.WrittenCount > 0 || thinking.WrittenCount == 0)
        {
            Text("content", text);
        }

        if (thinking.WrittenCount > 0)
        {
            Text("reasoning_content", thinking);
        }
    }

    private static void Add(JsonElement owner, ReadOnlySpan<byte> name, ArrayBufferWriter<byte> text)
    {
        if (owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
        {
            text.Write(JsonMarshal.GetRawUtf8Value(value)[1..^1]);
        }
    }

    private void Text(string name, ArrayBufferWriter<byte> inside)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue([(byte)'"', .. inside.WrittenSpan, (byte)'"'], skipInputValidation: true);
    }

    private void Copy(JsonProperty member)
    {
        writer.WritePropertyName(member.Name);
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
    }
}
