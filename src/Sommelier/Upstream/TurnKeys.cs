using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Upstream;

/// <summary>
/// Names the turns of a conversation that call tools, for clients that send no ids of calls: by all that was said before
/// the turn, and by what is called with what.
/// </summary>
/// <remarks>
/// Thinking and ids are left out, since such clients drop them. Arguments count as values: clients write them anew. The
/// hash is a cryptographic one, because an end user who could make two conversations collide would get into the other one.
/// </remarks>
internal sealed class TurnKeys : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Begins a conversation.</summary>
    public TurnKeys(IReadOnlyList<ContentPart> system)
    {
        Add("system");
        Add(system);
    }

    /// <summary>The name of the turn that answers a whole conversation with calls.</summary>
    public static string Of(ChatRequest conversation, IEnumerable<ToolCallPart> calls)
    {
        using var keys = new TurnKeys(conversation.SystemInstructions);
        foreach (var message in conversation.Messages)
        {
            keys.Add(message);
        }

        return keys.Of(calls);
    }

    /// <summary>Adds a message to what was said.</summary>
    public void Add(Message message)
    {
        Add(EnumNames<Role>.Of(message.Role));
        Add(message.Parts);
    }

    /// <summary>The name of a turn that follows what was said so far.</summary>
    public string Of(IEnumerable<ToolCallPart> calls)
    {
        // A copy of the state, since the conversation goes on without these.
        Span<byte> before = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetCurrentHash(before);
        using var turn = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        turn.AppendData(before);
        foreach (var call in calls)
        {
            Add(call, turn);
        }

        return Convert.ToBase64String(turn.GetCurrentHash());
    }

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();

    private void Add(IReadOnlyList<ContentPart> parts)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case TextPart text:
                    Add(text.Text);
                    break;
                case RefusalPart refusal:
                    Add(refusal.Text);
                    break;
                case ToolCallPart call:
                    Add(call, hash);
                    break;
                case ToolCallResponsePart result:
                    Add("result");
                    Add(result.Parts);
                    break;
                case BlobPart blob:
                    Add(blob.Data.IsPlain ? Encoding.UTF8.GetBytes(blob.Data.ToString()) : blob.Data.Base64.Span, hash);
                    break;
                case UriPart uri:
                    Add(uri.Uri);
                    break;
                case FilePart file:
                    Add(file.FileId);
                    break;
                case OpaquePart opaque:
                    Add(opaque.Json);
                    break;
            }
        }
    }

    private void Add(string text) => Add(Encoding.UTF8.GetBytes(text), hash);

    private static void Add(ToolCallPart call, IncrementalHash hash)
    {
        Add(Encoding.UTF8.GetBytes($"call {call.Name}"), hash);
        Add(Values(call.Arguments), hash);
    }

    // With its length, so that pieces do not run into each other.
    private static void Add(ReadOnlySpan<byte> bytes, IncrementalHash hash)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    private static ReadOnlySpan<byte> Values(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments, new JsonDocumentOptions { MaxDepth = JsonLimits.MaxDepth });
            var buffer = new ArrayBufferWriter<byte>(arguments.Length);
            using var writer = new Utf8JsonWriter(buffer, JsonLimits.Writer);
            Write(document.RootElement, writer);
            writer.Flush();
            return buffer.WrittenSpan;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return Encoding.UTF8.GetBytes(arguments);
        }
    }

    // Members in the order of their names, numbers as one spelling of their value.
    private static void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number when !value.TryGetInt64(out _) && value.TryGetDouble(out var number):
                writer.WriteRawValue(number.ToString("R", CultureInfo.InvariantCulture), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
