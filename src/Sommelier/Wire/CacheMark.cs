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
    /// <summary>The field as it came; null for a block.</summary>
    public string? Raw { get; private init; }

    /// <summary>Members that the other way has no place for, as paths within the field or the block; null for none.</summary>
    public IReadOnlyList<string>? Unknown { get; init; }

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
        List<string>? unknown = null;
        if (document.RootElement.TryGetProperty(Block, out var inner) && inner.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!member.NameEquals(Block))
                {
                    (unknown ??= []).Add(member.Name);
                }
            }

            return Read(inner, $"{Block}.", unknown);
        }

        return Read(document.RootElement, "", unknown) with { Raw = json };
    }

    private static CacheMark Read(JsonElement mark, string prefix, List<string>? unknown)
    {
        string? ttl = null;
        foreach (var member in mark.EnumerateObject())
        {
            if (member.NameEquals("ttl") && member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() is ("5m" or "1h") and var kept)
            {
                ttl = kept;
            }
            else if (!member.NameEquals("type") && member.Value.ValueKind != JsonValueKind.Null)
            {
                (unknown ??= []).Add(prefix + member.Name);
            }
        }

        return new(ttl) { Unknown = unknown };
    }

    /// <summary>The mark as a field of Anthropic's, as it came where it was one.</summary>
    public Extra AsExtra() =>
        new(AnthropicMessagesFormat.FormatName, [new(Field, Raw ?? (Ttl is null ? """{"type":"ephemeral"}""" : $$"""{"type":"ephemeral","ttl":"{{Ttl}}"}"""))]);

    /// <summary>The mark as a block of Bedrock's.</summary>
    public OpaquePart AsBlock() =>
        new(BedrockConverseFormat.FormatName, Block, Ttl is null ? """{"cachePoint":{"type":"default"}}""" : $$$"""{"cachePoint":{"type":"default","ttl":"{{{Ttl}}}"}}""");
}
