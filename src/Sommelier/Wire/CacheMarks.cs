using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.BedrockConverse;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>
/// Marks that say up to where a prompt is to be cached: a field of the last piece at Anthropic (<c>cache_control</c>, which clients of
/// other dialects borrow), a block behind it in Bedrock's Converse (<c>cachePoint</c>).
/// </summary>
/// <remarks>
/// A mark stands for everything before it, tools first, then system, then messages: where its own place can have none, the piece
/// before that is marked. Sources: Anthropic's refusal of a fifth mark; AWS's table of what each model caches.
/// </remarks>
internal sealed class CacheMarks
{
    // At either.
    private const int Most = 4;

    private readonly bool asFields;
    private readonly CacheMarkRule rule;
    private readonly ICollection<Warning> warnings;
    private int marks;

    // What a mark would stand on, or behind, and whether it has one.
    private List<ContentPart>? last;
    private int lastIndex;
    private bool isMarked;

    private CacheMarks(bool asFields, CacheMarkRule rule, ICollection<Warning> warnings) => (this.asFields, this.rule, this.warnings) = (asFields, rule, warnings);

    /// <summary>A request with its marks as Anthropic's format has them; the same where it is that format's own, or has none.</summary>
    public static ChatRequest AsFields(ChatRequest request, ICollection<Warning> warnings) =>
        string.Equals(request.Format, AnthropicMessagesFormat.FormatName, StringComparison.Ordinal) || !AreIn(request)
            ? request
            : new CacheMarks(asFields: true, CacheMarkRule.Everywhere, warnings).Of(request);

    /// <summary>A request with its marks as Converse has them, as far as the model takes any; the same where it is that format's own, or has none.</summary>
    public static ChatRequest AsBlocks(ChatRequest request, CacheMarkRule rule, ICollection<Warning> warnings) =>
        string.Equals(request.Format, BedrockConverseFormat.FormatName, StringComparison.Ordinal) || !AreIn(request)
            ? request
            : new CacheMarks(asFields: false, rule, warnings).Of(request);

    private ChatRequest Of(ChatRequest request)
    {
        var tools = Tools(request.Tools);
        var system = new List<ContentPart>(request.SystemInstructions.Count);
        foreach (var part in request.SystemInstructions)
        {
            Add(part, system);
        }

        var messages = new List<Message>(request.Messages.Count);
        foreach (var message in request.Messages)
        {
            var parts = new List<ContentPart>(message.Parts.Count + 1);
            foreach (var part in message.Parts)
            {
                Add(part, parts);
            }

            var (extra, mark) = CacheMark.Taken(message.Extra);
            Mark(mark, message.Place.Or("messages").At(CacheMark.Field));
            messages.Add(message with { Parts = parts, Extra = extra });
        }

        var (rest, whole) = CacheMark.Taken(request.Extra);
        Mark(whole, CacheMark.Field);
        return request with { Tools = tools, SystemInstructions = system, Messages = messages, Extra = rest };
    }

    private void Add(ContentPart part, List<ContentPart> to)
    {
        if (CacheMark.Is(part))
        {
            Mark(CacheMark.Read(((OpaquePart)part).Json), part.Place);
            return;
        }

        var (plain, mark) = Taken(part);
        to.Add(plain);
        if (Takes(plain))
        {
            (last, lastIndex, isMarked) = (to, to.Count - 1, false);
        }

        Mark(mark, part.Place.At(CacheMark.Field));
    }

    private void Mark(CacheMark? mark, FieldPath place)
    {
        Unknown(mark, place);
        if (mark is not { } asked || (last is not null && isMarked))
        {
            return;
        }

        if (last is null)
        {
            Lose(place, "nothing stands before it that could be cached");
        }
        else if (May(asked, place) is { } kept)
        {
            isMarked = true;
            if (asFields)
            {
                Extras.Warn(last[lastIndex].Extra, last[lastIndex].Place, warnings);
                last[lastIndex] = last[lastIndex] with { Extra = kept.AsExtra() };
            }
            else
            {
                last.Insert(lastIndex + 1, kept.AsBlock());
            }
        }
    }

    private List<ToolDefinition> Tools(IReadOnlyList<ToolDefinition> given)
    {
        var tools = new List<ToolDefinition>(given.Count + 1);
        foreach (var tool in given)
        {
            if (tool.Opaque is { } opaque && CacheMark.Is(opaque))
            {
                MarkTool(CacheMark.Read(opaque.Json), tools, tool.Place);
                continue;
            }

            var (extra, mark) = CacheMark.Taken(tool.Extra);
            tools.Add(mark is null ? tool : tool with { Extra = extra });
            MarkTool(mark, tools, tool.Place.At(CacheMark.Field));
        }

        return tools;
    }

    private void MarkTool(CacheMark? mark, List<ToolDefinition> tools, FieldPath place)
    {
        Unknown(mark, place);
        if (mark is not { } asked || (tools.Count > 0 && CacheMark.Is(tools[^1].Extra)))
        {
            return;
        }

        if (rule == CacheMarkRule.Prompt)
        {
            Lose(place, "the model caches no tools");
        }
        else if (tools.FindLastIndex(static tool => tool.Opaque is null) is var at && at < 0)
        {
            Lose(place, "nothing stands before it that could be cached");
        }
        else if (May(asked, place) is { } kept)
        {
            if (asFields)
            {
                Extras.Warn(tools[at].Extra, tools[at].Place, warnings);
                tools[at] = tools[at] with { Extra = kept.AsExtra() };
            }
            else
            {
                tools.Add(new ToolDefinition(CacheMark.Block, null, null) { Opaque = kept.AsBlock(), Place = place });
            }
        }
    }

    // The mark as the target takes it; null where it takes none, with a warning.
    private CacheMark? May(CacheMark asked, FieldPath place)
    {
        if (rule == CacheMarkRule.None)
        {
            Lose(place, "the model has no prompt cache");
            return null;
        }

        if (++marks > Most)
        {
            Lose(place, "a request has at most 4 marks for the cache");
            return null;
        }

        if (rule == CacheMarkRule.Prompt && asked.Ttl is "1h")
        {
            Lose(place.At("ttl"), "the model caches for five minutes");
            return default(CacheMark);
        }

        return asked;
    }

    // A field stays as it came where it becomes one.
    private void Unknown(CacheMark? mark, FieldPath place)
    {
        if (mark is not { Unknown: { } unknown } || (asFields && mark.Value.Raw is not null))
        {
            return;
        }

        foreach (var name in unknown)
        {
            Lose(place.At(name), "a mark for the cache has no such member at the target");
        }
    }

    private void Lose(FieldPath place, string why) => warnings.Add(new Warning("dropped", place.ToString(), why));

    private static bool AreIn(ChatRequest request)
    {
        if (CacheMark.Is(request.Extra) || IsAny(request.SystemInstructions))
        {
            return true;
        }

        foreach (var tool in request.Tools)
        {
            if (CacheMark.Is(tool.Extra) || (tool.Opaque is { } opaque && CacheMark.Is(opaque)))
            {
                return true;
            }
        }

        foreach (var message in request.Messages)
        {
            if (CacheMark.Is(message.Extra) || IsAny(message.Parts))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAny(IReadOnlyList<ContentPart> parts)
    {
        foreach (var part in parts)
        {
            if (CacheMark.Is(part.Extra) || CacheMark.Is(part) || (part is ToolCallResponsePart result && IsAny(result.Parts)))
            {
                return true;
            }
        }

        return false;
    }

    // What is sent at either target and can be marked there.
    private bool Takes(ContentPart part) => part switch
    {
        TextPart { Text: var text } => !string.IsNullOrWhiteSpace(text),
        ToolCallPart or ToolCallResponsePart => true,
        BlobPart blob => MediaType.Kind(blob.MediaType) is MediaKind.Image or MediaKind.Document,
        UriPart { Kind: MediaKind.Image or MediaKind.Document } uri => asFields || AmazonFiles.Are(uri.Uri),
        _ => false,
    };

    // A mark inside the answer of a tool is that answer's: neither target has one deeper.
    private (ContentPart Part, CacheMark? Mark) Taken(ContentPart part)
    {
        var (extra, mark) = CacheMark.Taken(part.Extra);
        if (part is not ToolCallResponsePart result || !IsAny(result.Parts))
        {
            return (mark is null ? part : part with { Extra = extra }, mark);
        }

        var inside = new List<ContentPart>(result.Parts.Count);
        foreach (var piece in result.Parts)
        {
            var (plain, deeper) = Taken(piece);
            Unknown(deeper, piece.Place.At(CacheMark.Field));
            mark ??= deeper is { } inner ? inner with { Unknown = null } : null;
            inside.Add(plain);
        }

        return (result with { Parts = inside, Extra = extra }, mark);
    }
}
