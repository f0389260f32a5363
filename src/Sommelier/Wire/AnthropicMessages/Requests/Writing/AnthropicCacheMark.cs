using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Marks for the prompt cache on system instructions of callers of other formats, whose clients borrow the field from Anthropic's.</summary>
internal sealed class AnthropicCacheMark(ICollection<Warning> warnings)
{
    /// <summary>The field.</summary>
    public const string Name = "cache_control";

    // "A maximum of 4 blocks with cache_control may be provided." (the API's refusal of a fifth)
    private const int Most = 4;

    private int marks;

    /// <summary>The fields of a block as this format has them: a mark is kept, what it does not know is named.</summary>
    /// <param name="text">A block of the system instructions.</param>
    /// <param name="place">Where it stood.</param>
    public Extra? Of(TextPart text, FieldPath place)
    {
        var isOwn = string.Equals(text.Extra?.Format, AnthropicMessagesFormat.FormatName, StringComparison.Ordinal);
        if (isOwn || Extras.Find(text.Extra, Name) is not ['{', ..] mark || ++marks > Most)
        {
            return text.Extra;
        }

        Extras.Warn(Extras.Without(text.Extra, Name), place, warnings);
        return new Extra(AnthropicMessagesFormat.FormatName, [new(Name, mark)]);
    }
}
