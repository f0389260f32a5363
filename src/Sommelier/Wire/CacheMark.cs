using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.BedrockConverse;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>A mark up to which a prompt is to be cached, in the two ways in which it is written.</summary>
/// <param name="Ttl">How long it is kept, <c>5m</c> or <c>1h</c>; null: as the vendor likes, which is five minutes.</param>
internal readonly record struct CacheMark(string? Ttl)
{
    /// <summary>Anthropic's field.</summary>
    public const string Field = "cache_control";

    /// <summary>Bedrock's block.</summary>
    public const string Block = "cachePoint";

    /// <summary>Whether a piece is marked by a field. <c>null</c> and what is no object are no mark.</summary>
    public static bool Is(Extra? extra) => extra is not null && Extras.Find(extra, Field) is ['{', ..];

    /// <summary>Whether a piece is a mark.</summary>
    public static bool Is(ContentPart part) => part is OpaquePart { Format: BedrockConverseFormat.FormatName, Type: Block };

    /// <summary>Fields without a mark, and the mark; null where there is none.</summary>
    public static (Extra? Unmarked, CacheMark? Mark) Taken(Extra? extra) =>
        Is(extra) ? (Extras.Without(extra, Field), Read(Extras.Find(extra, Field)!)) : (extra, null);

    /// <summary>Reads the value of the field, or the block.</summary>
    public static CacheMark Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var mark = document.RootElement;
        if (mark.TryGetProperty(Block, out var inner) && inner.ValueKind == JsonValueKind.Object)
        {
            mark = inner;
        }

        return new(mark.TryGetProperty("ttl"u8, out var ttl) && ttl.ValueKind == JsonValueKind.String && ttl.GetString() is ("5m" or "1h") and var kept ? kept : null);
    }

    /// <summary>The mark as a field of Anthropic's.</summary>
    public Extra AsExtra() =>
        new(AnthropicMessagesFormat.FormatName, [new(Field, Ttl is null ? """{"type":"ephemeral"}""" : $$"""{"type":"ephemeral","ttl":"{{Ttl}}"}""")]);

    /// <summary>The mark as a block of Bedrock's.</summary>
    public OpaquePart AsBlock() =>
        new(BedrockConverseFormat.FormatName, Block, Ttl is null ? """{"cachePoint":{"type":"default"}}""" : $$$"""{"cachePoint":{"type":"default","ttl":"{{{Ttl}}}"}}""");
}
