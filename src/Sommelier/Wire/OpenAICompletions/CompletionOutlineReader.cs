using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Embeddings;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAICompletions;

/// <summary>Outlines a request in one pass over its bytes.</summary>
internal ref struct CompletionOutlineReader : IBodyMembers
{
    /// <inheritdoc/>
    public static NameTable Names => OutlineReader.Names;

    private readonly List<BodyMember> members = new(8);
    private InputScan prompts;
    private string? model;
    private string? user;
    private CallerHints? hints;
    private bool stream;
    private bool streamUsage;
    private int? maxTokens;
    private int choices = 1;
    private int bestOf = 1;

    /// <summary>At the body's beginning.</summary>
    public CompletionOutlineReader()
    {
    }

    /// <summary>Outlines a body.</summary>
    public static RequestOutline Read(ReadOnlySpan<byte> body)
    {
        var outline = new CompletionOutlineReader();
        BodyMembers.ReadRequest(ref outline, body, outline.members);
        return outline.Build(body);
    }

    /// <inheritdoc/>
    public void Value(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "prompt" when reader.TokenType != JsonTokenType.Null:
                prompts.ReadAll(ref reader, name, ids: true);
                break;
            case CallerHintsReader.Member:
                hints = CallerHintsReader.Read(ref reader);
                break;
            case "model":
                model = OutlineFields.Text(ref reader, name);
                break;
            case "user":
                user = OutlineFields.Text(ref reader, name);
                break;
            case "stream":
                stream = OutlineFields.Flag(ref reader, name);
                break;
            case "stream_options":
                streamUsage = OutlineFields.IncludeUsage(ref reader, name);
                break;
            case "max_tokens":
                maxTokens = Limit(ref reader);
                break;
            case "n":
                choices = OutlineFields.Count(ref reader, name) ?? 1;
                break;
            case "best_of":
                bestOf = OutlineFields.Count(ref reader, name) ?? 1;
                break;
            case "temperature" or "top_p" or "frequency_penalty" or "presence_penalty" or "seed" or "logprobs":
                OutlineFields.CheckNumber(ref reader, name);
                break;
            case "echo":
                _ = OutlineFields.Flag(ref reader, name);
                break;
            case "suffix":
                _ = OutlineFields.Text(ref reader, name);
                break;
            case "stop":
                OutlineFields.CheckStop(ref reader, name);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    // 0 asks for the prompt's own probabilities, beside echo.
    private static int? Limit(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var limit) && limit == 0 ? 0 : OutlineFields.Count(ref reader, "max_tokens");

    private readonly RequestOutline Build(ReadOnlySpan<byte> body)
    {
        if (model is null or "")
        {
            throw FieldError.Missing("model", "a model name, e.g. \"auto\"");
        }

        if (prompts.Count == 0)
        {
            throw FieldError.Missing("prompt", "a string");
        }

        var text = default(CutText);
        text.Add(body[prompts.First]);
        var hash = default(StableHash);
        hash.Add(body[prompts.First]);
        return new RequestOutline
        {
            Model = model,
            Stream = stream,
            StreamUsage = streamUsage,
            MaxOutputTokens = maxTokens,

            // Of best_of answers the vendor gives n, and bills all.
            Choices = (int)Math.Min(int.MaxValue, (long)Math.Max(choices, bestOf) * prompts.Count),
            MessageCount = 1,
            TextBytes = prompts.Text.Bytes,
            NonAsciiBytes = prompts.Text.NonAscii,
            TokenIds = prompts.TokenIds,
            PrefixHash = hash.Value,
            Hints = hints,
            EndUser = user,
            Tail = ConversationTail.Empty with { LastUser = text.Take() },
            Members = members,
        };
    }
}
