using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.Ollama;

/// <summary>Errors are one text: <c>{ "error": "…" }</c>, in a stream as a line.</summary>
internal sealed class OllamaErrors : IErrorWire
{
    private static readonly OpenAIChatErrors Known = new();

    /// <summary>The shape is one of those that the followers of OpenAI have too; its words are read by the same rules.</summary>
    public UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        Known.Read(status, headers, body, now);

    /// <inheritdoc/>
    public int Status(GatewayError error) => error.Kind == GatewayErrorKind.BudgetExceeded ? 429 : error.Status;

    /// <inheritdoc/>
    public void Write(GatewayError error, string? requestId, IBufferWriter<byte> output) => WriteLine(error, output);

    /// <summary>Writes the object, which is a line of a stream too once a line feed follows.</summary>
    public static void WriteLine(GatewayError error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("error"u8, error.Message);
        writer.WriteEndObject();
    }
}
