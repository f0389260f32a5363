using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Embeddings;
using Sommelier.Wire.Guards;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Vertex AI's <c>:predict</c> of its embedding models. The path names the model.</summary>
/// <remarks>Source of the field names: the official SDK (@google/genai 3.3.0) in its Vertex mode.</remarks>
internal sealed class VertexPredictFormat : EmbeddingsFormat
{
    private VertexPredictFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static VertexPredictFormat Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "vertex-predict";

    /// <inheritdoc/>
    public override IErrorWire Errors { get; } = new GuardedErrors(new GeminiErrors());

    /// <inheritdoc/>
    public override string InputField => "instances";

    /// <inheritdoc/>
    public override string InputExpected => "a list of objects, each with 'content'";

    /// <inheritdoc/>
    public override string Model(CallPath path, string? inBody) => GeminiOutlineReader.Model(path, inBody);

    /// <inheritdoc/>
    public override bool Member(string name, ref Utf8JsonReader reader, ref InputScan inputs)
    {
        if (name is not "instances")
        {
            return false;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType(name, InputExpected, reader.TokenType);
        }

        for (var at = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; at++)
        {
            Scan(ref reader, $"instances[{at}]", ref inputs);
            if (inputs.Count != at + 1)
            {
                throw inputs.Count <= at ? FieldError.Missing($"instances[{at}].content", "a string") : FieldError.Duplicate($"instances[{at}].content");
            }
        }

        return true;
    }

    /// <inheritdoc/>
    protected override EmbeddingAsk Ask(JsonFields fields)
    {
        EmbeddingAsk? first = null;
        var texts = new List<string>();
        foreach (var item in fields.List("instances")?.EnumerateArray() ?? default)
        {
            var instance = JsonFields.Of(item, $"instances[{texts.Count}]");
            texts.Add(instance.RequiredText("content", "a string"));
            var one = new EmbeddingAsk { TaskType = instance.Text("task_type"), Title = instance.Text("title") };
            first ??= one;
            if (one != first)
            {
                throw WireException.Invalid(instance.Path, $"'{instance.Path}' differs from the first instance in task_type or title. Ask for it in a request of its own, or name a model of Vertex AI.");
            }
        }

        var parameters = fields.Object("parameters");
        return first! with { Inputs = texts, Dimensions = parameters?.Int("outputDimensionality"), Truncate = parameters?.Bool("autoTruncate") };
    }

    /// <inheritdoc/>
    protected override Extra? Unknown(JsonFields fields) => fields.Unknown(Name, ["instances", "parameters", "model", "user", CallerHintsReader.Member]);

    /// <inheritdoc/>
    public override void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var ask = request.Embedding!;
        Join(ask, warnings);
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteStartArray("instances");
        foreach (var text in Texts(ask, target))
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
        Drop(request.EndUser is not null, "user", warnings);
        Extras.Write(request.Extra, writer, Name, "", warnings);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteStartArray("predictions");
        foreach (var embedding in response.Embeddings)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("embeddings");
            writer.WritePropertyName("values");
            VectorJson.Write(embedding.Vector.Span, writer);

            // Tokens are counted for each input apart; of several only the sum is known.
            if (response is { Usage: { } usage, Embeddings.Count: 1 })
            {
                writer.WriteStartObject("statistics");
                writer.WriteNumber("token_count", usage.InputTokens);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Scan(ref Utf8JsonReader reader, string path, ref InputScan inputs)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType(path, "an object with 'content'", reader.TokenType);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = reader.ValueTextEquals("content"u8);
            reader.Read();
            if (isContent)
            {
                inputs.Begin(path);
                inputs.AddText(ref reader, $"{path}.content");
            }

            reader.Skip();
        }
    }
}
