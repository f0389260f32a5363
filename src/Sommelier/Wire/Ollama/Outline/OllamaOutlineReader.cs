using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Ollama;

/// <summary>Outlines a request in one pass over its bytes.</summary>
internal ref struct OllamaOutlineReader : IBodyMembers
{
    /// <inheritdoc/>
    public static NameTable Names { get; } = new(
        "model", "messages", "stream", "options", "tools", "format", "think", "keep_alive", "prompt", "system", "images", "suffix", "template",
        "raw", "logprobs", "top_logprobs", CallerHintsReader.Member);

    private readonly ReadOnlySpan<byte> body;
    private readonly OllamaShape shape;
    private readonly List<BodyMember> members = new(8);
    private OllamaMessageScan messages;
    private TextCount tools;
    private Range toolsRange;
    private int toolCount;
    private string? model;
    private bool stream = true;
    private bool hasWords;
    private int? maxTokens;
    private ResponseFormatKind form;
    private ReasoningEffort? effort;
    private CallerHints? hints;

    private OllamaOutlineReader(ReadOnlySpan<byte> body, OllamaShape shape)
    {
        this.body = body;
        this.shape = shape;
        messages = new OllamaMessageScan(body);
    }

    /// <summary>Outlines a body. A stream is what Ollama answers unless told not to.</summary>
    public static RequestOutline Read(ReadOnlySpan<byte> body, OllamaShape shape)
    {
        var outline = new OllamaOutlineReader(body, shape);
        BodyMembers.ReadRequest(ref outline, body, outline.members);
        return outline.Finish();
    }

    /// <inheritdoc/>
    public void Value(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "model":
                model = reader.TokenType == JsonTokenType.String ? JsonText.Of(ref reader, "model") : throw FieldError.WrongType("model", "a string", reader.TokenType);
                break;
            case "stream":
                stream = reader.TokenType switch
                {
                    JsonTokenType.True or JsonTokenType.Null => true,
                    JsonTokenType.False => false,
                    _ => throw FieldError.WrongType("stream", "true or false", reader.TokenType),
                };
                break;
            case "messages" when shape == OllamaShape.Chat:
                hasWords = messages.ReadAll(ref reader);
                break;
            case "prompt" when shape == OllamaShape.Generate:
                hasWords = messages.ReadText(ref reader, isUser: true);
                break;
            case "system" when shape == OllamaShape.Generate:
                messages.ReadText(ref reader, isUser: false);
                break;
            case "images" when shape == OllamaShape.Generate:
                messages.ReadImages(ref reader);
                break;
            case "tools":
                Tools(ref reader);
                break;
            case "format":
                form = reader.TokenType switch
                {
                    JsonTokenType.StartObject => ResponseFormatKind.JsonSchema,
                    JsonTokenType.String when reader.ValueTextEquals("json"u8) => ResponseFormatKind.JsonObject,
                    _ => ResponseFormatKind.Text,
                };
                reader.Skip();
                break;
            case "think":
                effort = Effort(ref reader);
                reader.Skip();
                break;
            case "options":
                Options(ref reader);
                break;
            case CallerHintsReader.Member:
                hints = CallerHintsReader.Read(ref reader);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static ReasoningEffort? Effort(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.False => ReasoningEffort.None,
        JsonTokenType.True => OllamaThink.On,
        JsonTokenType.String => OllamaThink.Read(JsonText.Tolerant(ref reader)),
        _ => null,
    };

    private void Tools(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            toolCount++;
            reader.Skip();
        }

        toolsRange = new Range(start, (int)reader.BytesConsumed);
        tools.AddRaw(body[toolsRange]);
    }

    private void Options(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isLimit = reader.ValueTextEquals("num_predict"u8);
            reader.Read();
            if (isLimit && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var limit) && limit >= 0)
            {
                maxTokens = limit;
            }

            reader.Skip();
        }
    }

    private readonly RequestOutline Finish()
    {
        if (model is null or "")
        {
            throw FieldError.Missing("model", "a model's name, or 'auto'");
        }

        if (!hasWords)
        {
            throw shape == OllamaShape.Chat
                ? FieldError.Missing("messages", "a list of messages, each with 'role' and 'content'; there is nothing to load here")
                : FieldError.Missing("prompt", "the text to go on from; there is nothing to load here");
        }

        return new RequestOutline
        {
            // Ollama's names have a tag; the usual one says nothing.
            Model = OllamaModel.Name(model),
            Stream = stream,
            StreamUsage = stream,
            MaxOutputTokens = maxTokens,
            MessageCount = messages.Count,
            TextBytes = messages.Text.Bytes + tools.Bytes,
            NonAsciiBytes = messages.Text.NonAscii + tools.NonAscii,
            MediaCount = messages.Images,
            Media = messages.Images > 0 ? MediaKind.Image : default,
            ToolCount = toolCount,
            ToolsUsed = messages.ToolsUsed,
            LastIsToolResult = messages.LastIsTool,
            ResponseFormat = form,
            ReasoningEffort = effort,
            Prefill = messages.LastIsAssistant,
            PrefixHash = messages.Turns.PrefixHash(body, body[toolsRange]),
            CacheableTextBytes = messages.CacheableBytes is { } cacheable ? tools.Bytes + cacheable : 0,
            Hints = hints,
            Tail = messages.Turns.Tail(body),
            Members = members,
        };
    }
}
