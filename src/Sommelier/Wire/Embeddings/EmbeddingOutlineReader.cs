using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Embeddings;

/// <summary>Outlines a request for vectors in one pass over its bytes.</summary>
internal ref struct EmbeddingOutlineReader(EmbeddingsFormat format, CallPath path) : IBodyMembers
{
    /// <inheritdoc/>
    public static NameTable Names { get; } = new(
        "model", "input", "dimensions", "encoding_format", "user", "requests", "content", "taskType", "title", "outputDimensionality", "instances",
        "parameters", "prompt", "truncate", CallerHintsReader.Member);

    /// <summary>Set in <see cref="RequestOutline.FormatFlags"/> when the vectors are wanted as base64.</summary>
    public const uint Base64 = 1;

    private readonly List<BodyMember> members = new(8);
    private InputScan inputs = new() { Model = path.Model };
    private string? model;
    private string? user;
    private CallerHints? hints;

    /// <summary>Outlines a body.</summary>
    public static RequestOutline Read(EmbeddingsFormat format, ReadOnlySpan<byte> body, CallPath path)
    {
        var outline = new EmbeddingOutlineReader(format, path);
        BodyMembers.ReadRequest(ref outline, body, outline.members);
        return outline.Build(body);
    }

    /// <inheritdoc/>
    public void Value(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case CallerHintsReader.Member:
                hints = CallerHintsReader.Read(ref reader);
                break;
            case "model":
                model = Text(name, ref reader);
                break;
            case "user":
                user = Text(name, ref reader);
                break;
            case var _ when reader.TokenType != JsonTokenType.Null && format.Member(name, ref reader, ref inputs):
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static string? Text(string name, ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => JsonText.Of(ref reader, name),
        JsonTokenType.Null => null,
        _ => throw FieldError.WrongType(name, "a string", reader.TokenType),
    };

    private readonly RequestOutline Build(ReadOnlySpan<byte> body)
    {
        var name = format.Model(path, model);
        if (inputs.Count == 0)
        {
            throw FieldError.Missing(format.InputField, format.InputExpected);
        }

        var first = default(CutText);
        first.Add(body[inputs.First]);
        return new RequestOutline
        {
            Model = name,
            Operation = Operation.Embeddings,
            Inputs = inputs.Count,
            TokenIds = inputs.TokenIds,
            TextBytes = inputs.Text.Bytes,
            NonAsciiBytes = inputs.Text.NonAscii,
            MediaCount = inputs.Media,
            Hints = hints,
            EndUser = user,
            Tail = ConversationTail.Empty with { LastUser = first.Take() },
            Members = members,
            FormatFlags = inputs.Base64 ? Base64 : 0,
        };
    }
}
