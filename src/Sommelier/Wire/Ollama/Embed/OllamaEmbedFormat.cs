using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Embeddings;
using Sommelier.Wire.Guards;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.Ollama;

/// <summary>Ollama's embeddings: <c>POST /api/embed</c>, and the older <c>/api/embeddings</c> of one prompt.</summary>
/// <remarks>Source of the field names: the official client (ollama 0.6.4) and Ollama's API documentation.</remarks>
internal sealed class OllamaEmbedFormat : EmbeddingsFormat
{
    private readonly bool legacy;

    private OllamaEmbedFormat(bool legacy) => this.legacy = legacy;

    /// <summary><c>/api/embed</c>.</summary>
    public static OllamaEmbedFormat Instance { get; } = new(legacy: false);

    /// <summary><c>/api/embeddings</c>.</summary>
    public static OllamaEmbedFormat Legacy { get; } = new(legacy: true);

    /// <inheritdoc/>
    public override string Name => legacy ? "ollama-embeddings" : "ollama-embed";

    /// <inheritdoc/>
    public override IErrorWire Errors { get; } = new GuardedErrors(new OllamaErrors());

    /// <inheritdoc/>
    public override string InputField => legacy ? "prompt" : "input";

    /// <inheritdoc/>
    public override string InputExpected => legacy ? "a string" : "a string or a list of strings";

    /// <inheritdoc/>
    public override string Model(CallPath path, string? inBody) => OllamaModel.Name(base.Model(path, inBody));

    /// <inheritdoc/>
    public override bool Member(string name, ref Utf8JsonReader reader, ref InputScan inputs)
    {
        switch (name)
        {
            case "prompt" when legacy:
                inputs.Begin(name);
                inputs.AddText(ref reader, name);
                return true;
            case "input" when !legacy:
                inputs.ReadAll(ref reader, name, ids: false);
                return true;
            case "dimensions" when !legacy:
                _ = OutlineFields.Count(ref reader, name);
                return true;
            case "truncate" when !legacy:
                _ = OutlineFields.Flag(ref reader, name);
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    protected override EmbeddingAsk Ask(JsonFields fields)
    {
        fields.TryGet(InputField, out var input);
        return new EmbeddingAsk
        {
            Inputs = input.ValueKind == JsonValueKind.Array ? [.. input.EnumerateArray().Select(static text => JsonFields.Text(text, "input"))] : [JsonFields.Text(input, InputField)],
            Dimensions = legacy ? null : fields.Int("dimensions"),
            Truncate = legacy ? null : fields.Bool("truncate"),
        };
    }

    /// <inheritdoc/>
    protected override Extra? Unknown(JsonFields fields) => legacy
        ? fields.Unknown(Name, ["model", "prompt", "user", CallerHintsReader.Member])
        : fields.Unknown(Name, ["model", "input", "dimensions", "truncate", "user", CallerHintsReader.Member]);

    /// <inheritdoc/>
    public override void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var ask = request.Embedding!;
        Join(ask, warnings);
        var texts = legacy ? OneText(ask, target) : Texts(ask, target);
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("model", target.Model);
        if (legacy)
        {
            writer.WriteString("prompt", texts[0]);
            Drop(ask.Dimensions is not null, "dimensions", warnings);
            Drop(ask.Truncate is true, "truncate", warnings);
        }
        else
        {
            WriteInput(texts, ask, writer);
        }

        Drop(request.EndUser is not null, "user", warnings);
        Drop(ask.TaskType is not null, "taskType", warnings);
        Drop(ask.Title is not null, "title", warnings);
        Extras.Write(request.Extra, writer, Name, "", warnings);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        if (legacy)
        {
            writer.WritePropertyName("embedding");
            VectorJson.Write(response.Embeddings[0].Vector.Span, writer);
        }
        else
        {
            writer.WriteString("model", response.ResponseModel ?? context.Model);
            writer.WriteStartArray("embeddings");
            foreach (var embedding in response.Embeddings)
            {
                VectorJson.Write(embedding.Vector.Span, writer);
            }

            writer.WriteEndArray();
            if (response.Usage is { } usage)
            {
                writer.WriteNumber("prompt_eval_count", usage.InputTokens);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteInput(IReadOnlyList<string> texts, EmbeddingAsk ask, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("input");
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
        if (ask.Dimensions is { } dimensions)
        {
            writer.WriteNumber("dimensions", dimensions);
        }

        // Ollama cuts texts that are too long without a word; everybody else refuses them, and so its callers expect here.
        writer.WriteBoolean("truncate", ask.Truncate ?? false);
    }
}
