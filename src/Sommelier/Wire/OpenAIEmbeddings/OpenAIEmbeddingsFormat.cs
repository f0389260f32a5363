using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Embeddings;
using Sommelier.Wire.Guards;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIEmbeddings;

/// <summary>OpenAI's embeddings, <c>POST /v1/embeddings</c>, and the many servers that follow them.</summary>
/// <remarks>
/// Source of the field names: the official SDK (openai 7.57.0). Its client asks for base64 when its user asks for nothing, and
/// older versions of it take whatever comes for base64; so a server that ignores the wish is translated, not passed on.
/// </remarks>
internal sealed class OpenAIEmbeddingsFormat : EmbeddingsFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "openai-embeddings";

    private OpenAIEmbeddingsFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static OpenAIEmbeddingsFormat Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => FormatName;

    /// <inheritdoc/>
    public override RateLimitDialect RateLimits => RateLimitDialect.OpenAI;

    /// <inheritdoc/>
    public override IErrorWire Errors { get; } = new GuardedErrors(new OpenAIChatErrors());

    /// <inheritdoc/>
    public override string InputField => "input";

    /// <inheritdoc/>
    public override string InputExpected => "a string or a list of strings";

    /// <inheritdoc/>
    public override bool Member(string name, ref Utf8JsonReader reader, ref InputScan inputs)
    {
        switch (name)
        {
            case "input":
                inputs.ReadAll(ref reader, name, ids: true);
                return true;
            case "dimensions":
                _ = OutlineFields.Count(ref reader, name);
                return true;
            case "encoding_format":
                inputs.Base64 = OutlineFields.Text(ref reader, name) switch
                {
                    "base64" => true,
                    "float" => false,
                    var other => throw FieldError.Unknown(name, other, "float, base64"),
                };
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    protected override EmbeddingAsk Ask(JsonFields fields)
    {
        fields.TryGet("input", out var input);
        var items = input.ValueKind == JsonValueKind.Array ? input.EnumerateArray().ToArray() : [input];
        var kind = items[0].ValueKind;
        return new EmbeddingAsk
        {
            Inputs = kind == JsonValueKind.String ? [.. items.Select(static text => JsonFields.Text(text, "input"))] : [],
            TokenInputs = kind == JsonValueKind.Number ? [Ids(input)] : kind == JsonValueKind.Array ? [.. items.Select(Ids)] : [],
            Dimensions = fields.Int("dimensions"),
        };
    }

    /// <inheritdoc/>
    protected override Extra? Unknown(JsonFields fields) =>
        fields.Unknown(FormatName, ["model", "input", "dimensions", "encoding_format", "user", CallerHintsReader.Member]);

    /// <inheritdoc/>
    public override void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var ask = request.Embedding!;
        Join(ask, warnings);
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        var options = new OptionWriter(writer, target.Quirks, warnings);
        writer.WriteStartObject();
        writer.WriteString("model", target.Model);
        writer.WriteStartArray("input");
        foreach (var text in ask.Inputs)
        {
            writer.WriteStringValue(text);
        }

        foreach (var ids in ask.TokenInputs)
        {
            writer.WriteStartArray();
            foreach (var id in ids)
            {
                writer.WriteNumberValue(id);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        options.Number("dimensions", ask.Dimensions);
        options.Text("user", request.EndUser);
        Drop(ask.TaskType is not null, "taskType", warnings);
        Drop(ask.Title is not null, "title", warnings);
        Drop(ask.Truncate is true, "truncate", warnings);
        Extras.Write(request.Extra, writer, FormatName, "", warnings);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override bool Fits(ReadOnlySpan<byte> body, RequestOutline outline)
    {
        var asked = (outline.FormatFlags & EmbeddingOutlineReader.Base64) != 0;
        var reader = new Utf8JsonReader(body, JsonLimits.Reader);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("embedding"u8))
                {
                    reader.Read();
                    return (reader.TokenType == JsonTokenType.String) == asked;
                }
            }
        }
        catch (JsonException)
        {
            // The scan says what is wrong.
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var base64 = context.Outline is { } outline && (outline.FormatFlags & EmbeddingOutlineReader.Base64) != 0;
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var embedding in response.Embeddings)
        {
            writer.WriteStartObject();
            writer.WriteString("object", "embedding");
            writer.WriteNumber("index", embedding.Index);
            writer.WritePropertyName("embedding");
            WriteVector(embedding.Vector.Span, base64, writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("model", response.ResponseModel ?? context.Model);
        if (response.Usage is { } usage)
        {
            writer.WriteStartObject("usage");
            writer.WriteNumber("prompt_tokens", usage.InputTokens);
            writer.WriteNumber("total_tokens", usage.InputTokens);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteVector(ReadOnlySpan<float> vector, bool base64, Utf8JsonWriter writer)
    {
        if (!base64)
        {
            VectorJson.Write(vector, writer);
            return;
        }

        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        writer.WriteBase64StringValue(bytes);
    }

    private static IReadOnlyList<int> Ids(JsonElement list) => [.. list.EnumerateArray().Select(static id => id.GetInt32())];
}
