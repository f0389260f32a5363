using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Embeddings;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Vertex AI's <c>:predict</c> of its embedding models.</summary>
/// <remarks>Source of the field names: the official SDK (@google/genai 3.3.0) in its Vertex mode.</remarks>
internal sealed class VertexPredictFormat : UpstreamOnlyFormat
{
    private VertexPredictFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static VertexPredictFormat Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "vertex-predict";

    /// <inheritdoc/>
    public override Operation Operation => Operation.Embeddings;

    /// <inheritdoc/>
    public override void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var ask = request.Embedding!;
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteStartArray("instances");
        foreach (var text in EmbeddingsFormat.Texts(ask, target))
        {
            writer.WriteStartObject();
            writer.WriteString("content", text);
            if (ask.TaskType is { } task)
            {
                writer.WriteString("task_type", task);
            }

            if (ask.Title is { } title)
            {
                writer.WriteString("title", title);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("parameters");

        // Left to itself it cuts texts that are too long without a word, which callers of other dialects do not expect.
        writer.WriteBoolean("autoTruncate", ask.Truncate ?? false);
        if (ask.Dimensions is { } dimensions)
        {
            writer.WriteNumber("outputDimensionality", dimensions);
        }

        writer.WriteEndObject();
        EmbeddingsFormat.Drop(request.EndUser is not null, "user", warnings);
        Extras.Warn(request.Extra, "", warnings);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks) => EmbeddingsFormat.ReadVectors(body);

    /// <inheritdoc/>
    public override StreamDecoder CreateDecoder(WireQuirks quirks) => NoStreams.Instance.CreateDecoder(quirks);

    /// <inheritdoc/>
    public override UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        GeminiErrorReader.Read(status, headers, body, now);
}
