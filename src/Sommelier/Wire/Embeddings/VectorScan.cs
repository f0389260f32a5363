using System.Buffers.Binary;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Gemini;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.Embeddings;

/// <summary>
/// One pass over an answer with vectors, in any of the vendors' shapes: a vector is a list of numbers, or base64, under
/// <c>embedding</c>, <c>embeddings</c> or <c>values</c>, whatever stands around it. Numbers are parsed only when they are wanted.
/// </summary>
internal struct VectorScan
{
    private readonly List<EmbeddingVector>? vectors;
    private List<float>? numbers;
    private long promptTokens;
    private long totalTokens;
    private long audioTokens;

    // Of the object that is open: where its vector went, and which input it says it belongs to.
    private int added;
    private int? index;

    private VectorScan(bool collect)
    {
        vectors = collect ? [] : null;
        added = -1;
    }

    /// <summary>How many vectors there are.</summary>
    public int Count { get; private set; }

    /// <summary>The model that says it answered, or null.</summary>
    public string? Model { get; private set; }

    /// <summary>Token counts; null when the vendor reports none.</summary>
    public readonly Usage? Usage => (promptTokens > 0 ? promptTokens : totalTokens) is > 0 and var input
        ? new Usage { InputTokens = input, InputAudioTokens = Math.Min(audioTokens, input) }
        : null;

    /// <summary>The vectors in the order of the inputs; empty when they were not collected.</summary>
    public readonly IReadOnlyList<EmbeddingVector> Vectors => vectors ?? [];

    /// <summary>Reads an answer.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="collect">Whether the numbers are wanted, or only what the record needs.</param>
    /// <exception cref="UpstreamException">The bytes are an error in disguise, empty, or hold no vectors.</exception>
    public static VectorScan Read(ReadOnlySpan<byte> body, bool collect)
    {
        if (body.Trim(" \r\n\t"u8).IsEmpty)
        {
            throw new UpstreamException(new(UpstreamFailureKind.EmptyAnswer, "The answer is empty."));
        }

        var scan = new VectorScan(collect);
        try
        {
            scan.Walk(body);
        }
        catch (JsonException error)
        {
            throw UpstreamException.Protocol($"The answer is not the JSON of embeddings: {error.Message}");
        }

        if (scan.Count == 0)
        {
            throw new UpstreamException(new(UpstreamFailureKind.EmptyAnswer, "The answer has no vectors."));
        }

        scan.Sort();
        return scan;
    }

    private void Walk(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonLimits.Reader);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("Not an object.");
        }

        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    (added, index) = (-1, null);
                    break;
                case JsonTokenType.EndObject:
                    Place();
                    break;
                case JsonTokenType.PropertyName:
                    Member(ref reader, body);
                    break;
            }
        }
    }

    private void Member(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        if (reader.ValueTextEquals("embedding"u8) || reader.ValueTextEquals("values"u8) || reader.ValueTextEquals("embeddings"u8))
        {
            reader.Read();
            Value(ref reader);
        }
        else if (reader.CurrentDepth == 1 && reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null)
            {
                throw new UpstreamException(ErrorBody.Read(body).Disguised());
            }
        }
        else if (reader.CurrentDepth == 1 && reader.ValueTextEquals("model"u8))
        {
            reader.Read();
            Model = reader.TokenType == JsonTokenType.String ? JsonText.Tolerant(ref reader) : null;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("index"u8))
        {
            reader.Read();
            index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : null;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("promptTokenCount"u8) || reader.ValueTextEquals("prompt_eval_count"u8))
        {
            Tokens(ref reader, ref promptTokens);
        }
        else if (reader.ValueTextEquals("total_tokens"u8))
        {
            Tokens(ref reader, ref totalTokens);
        }
        else if (reader.ValueTextEquals("audio_tokens"u8))
        {
            // In OpenAI's prompt_tokens_details.
            Tokens(ref reader, ref audioTokens);
        }
        else if (reader.ValueTextEquals("promptTokenDetails"u8) || reader.ValueTextEquals("promptTokensDetails"u8))
        {
            // The Gemini API's name, and that of the SDK and of Google Cloud: ai.google.dev/api/embeddings#EmbeddingUsageMetadata
            audioTokens = GeminiModalities.ReadAudio(ref reader);
        }
        else if (reader.ValueTextEquals("token_count"u8))
        {
            // Vertex AI counts each input apart.
            var one = 0L;
            Tokens(ref reader, ref one);
            promptTokens += one;
        }
    }

    // A vector, a list of vectors, or an object or list of objects that hold them, which the walk goes on into.
    private void Value(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            Base64(ref reader);
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            var inner = reader;
            inner.Read();
            if (inner.TokenType == JsonTokenType.Number)
            {
                Vector(ref reader);
            }
            else if (inner.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
                {
                    Vector(ref reader);
                }
            }
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            (added, index) = (-1, null);
        }
    }

    private void Vector(ref Utf8JsonReader reader)
    {
        numbers?.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (vectors is not null)
            {
                (numbers ??= []).Add(reader.TryGetSingle(out var number) && float.IsFinite(number) ? number : throw TooLarge());
            }
        }

        if (reader.TokenType != JsonTokenType.EndArray)
        {
            throw UpstreamException.Protocol("A vector holds something that is no number.");
        }

        Add(vectors is null ? default : numbers?.ToArray() ?? []);
    }

    private void Base64(ref Utf8JsonReader reader)
    {
        if (vectors is null)
        {
            Add(default);
            return;
        }

        if (!reader.TryGetBytesFromBase64(out var bytes) || bytes.Length % sizeof(float) != 0)
        {
            throw UpstreamException.Protocol("A vector is neither a list of numbers nor base64 of 32-bit floats.");
        }

        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
            if (!float.IsFinite(vector[i]))
            {
                throw TooLarge();
            }
        }

        Add(vector);
    }

    private void Add(ReadOnlyMemory<float> vector)
    {
        added = Count++;
        vectors?.Add(new EmbeddingVector(added, vector));
    }

    private readonly void Place()
    {
        if (vectors is not null && added >= 0 && index is { } place)
        {
            vectors[added] = vectors[added] with { Index = place };
        }
    }

    private readonly void Sort()
    {
        if (vectors is null)
        {
            return;
        }

        vectors.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        for (var i = 0; i < vectors.Count; i++)
        {
            if (vectors[i].Index != i)
            {
                throw UpstreamException.Protocol("The vectors' indexes do not count the inputs through.");
            }
        }
    }

    private static void Tokens(ref Utf8JsonReader reader, ref long field)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && number is >= 0 and < 1e15)
        {
            field = (long)number;
        }

        reader.Skip();
    }

    private static UpstreamException TooLarge() => UpstreamException.Protocol("A vector holds a number beyond 32-bit floats.");
}
