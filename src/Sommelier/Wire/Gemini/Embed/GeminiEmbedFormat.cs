using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Embeddings;
using Sommelier.Wire.Guards;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Google's embeddings: of one content with <c>:embedContent</c>, of several with <c>:batchEmbedContents</c>. The path names the model.</summary>
/// <remarks>Source of the field names: the official SDK (@google/genai 3.3.0), which always sends the batch.</remarks>
internal sealed class GeminiEmbedFormat : EmbeddingsFormat
{
    private readonly bool batch;

    private GeminiEmbedFormat(bool batch) => this.batch = batch;

    /// <summary><c>:embedContent</c>.</summary>
    public static GeminiEmbedFormat One { get; } = new(batch: false);

    /// <summary><c>:batchEmbedContents</c>.</summary>
    public static GeminiEmbedFormat Batch { get; } = new(batch: true);

    /// <inheritdoc/>
    public override string Name => batch ? "gemini-batch-embed" : "gemini-embed";

    /// <inheritdoc/>
    public override IErrorWire Errors { get; } = new GuardedErrors(new GeminiErrors());

    /// <inheritdoc/>
    public override string InputField => batch ? "requests" : "content";

    /// <inheritdoc/>
    public override string InputExpected => batch ? "a list of objects, each with 'content'" : "an object with 'parts'";

    /// <inheritdoc/>
    public override string Model(CallPath path, string? inBody) => GeminiOutlineReader.Model(path, inBody);

    /// <inheritdoc/>
    public override bool Member(string name, ref Utf8JsonReader reader, ref InputScan inputs)
    {
        if (!string.Equals(name, InputField, StringComparison.Ordinal))
        {
            return false;
        }

        if (batch)
        {
            GeminiEmbedInputs.ScanAll(ref reader, ref inputs);
        }
        else
        {
            GeminiEmbedInputs.Scan(ref reader, "content", ref inputs);
        }

        return true;
    }

    /// <inheritdoc/>
    protected override EmbeddingAsk Ask(JsonFields fields) => batch ? GeminiEmbedInputs.ReadAll(fields) : GeminiEmbedInputs.Read(fields);

    /// <inheritdoc/>
    protected override Extra? Unknown(JsonFields fields) => GeminiEmbedInputs.Unknown(fields, Name);

    /// <inheritdoc/>
    protected override string ModelText(WireTarget target) => $"models/{target.Model}";

    /// <summary>Every request of a batch names the model again.</summary>
    protected override void Edit(BodyMember member, ReadOnlySpan<byte> body, WireTarget target, JsonEdits edits)
    {
        if (!batch || member.Name is not "requests")
        {
            return;
        }

        var reader = new Utf8JsonReader(body[member.ValueStart..member.End], JsonLimits.Reader);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 2 && reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                edits.Replace(member.ValueStart + (int)reader.TokenStartIndex, member.ValueStart + (int)reader.BytesConsumed, JsonBytes.Quoted(ModelText(target)));
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var ask = request.Embedding!;
        Join(ask, warnings);
        var texts = batch ? Texts(ask, target) : OneText(ask, target);
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        if (batch)
        {
            writer.WriteStartArray("requests");
            foreach (var text in texts)
            {
                writer.WriteStartObject();
                writer.WriteString("model", ModelText(target));
                WriteOne(text, ask, writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
        else
        {
            WriteOne(texts[0], ask, writer);
        }

        Drop(request.EndUser is not null, "user", warnings);
        Drop(ask.Truncate is true, "truncate", warnings);

        // Settings of Google's own stand inside the requests; with several of them nobody knows whose they were.
        Extras.Warn(request.Extra, "", warnings);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        if (batch)
        {
            writer.WriteStartArray("embeddings");
            foreach (var embedding in response.Embeddings)
            {
                writer.WriteStartObject();
                WriteValues(embedding, writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStartObject("embedding");
            WriteValues(response.Embeddings[0], writer);
            writer.WriteEndObject();
        }

        if (response.Usage is { } usage)
        {
            writer.WriteStartObject("usageMetadata");
            writer.WriteNumber("promptTokenCount", usage.InputTokens);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteOne(string text, EmbeddingAsk ask, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("content");
        writer.WriteStartArray("parts");
        writer.WriteStartObject();
        writer.WriteString("text", text);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        if (ask.TaskType is { } task)
        {
            writer.WriteString("taskType", task);
        }

        if (ask.Title is { } title)
        {
            writer.WriteString("title", title);
        }

        if (ask.Dimensions is { } dimensions)
        {
            writer.WriteNumber("outputDimensionality", dimensions);
        }
    }

    private static void WriteValues(EmbeddingVector embedding, Utf8JsonWriter writer)
    {
        writer.WritePropertyName("values");
        VectorJson.Write(embedding.Vector.Span, writer);
    }
}
