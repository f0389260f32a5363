using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>What a client streamed and sends back as it came, a content or a part for each piece, put together again.</summary>
/// <remarks>
/// Google's own client keeps a content for every piece of a stream. Google sees one turn in them; a vendor that seals its
/// thinking sees its block only where text and seal are one part, since the seal comes last and is of all that was thought.
/// </remarks>
internal static class GeminiPieces
{
    /// <summary>Adds what the model said to its turn before; false where the last turn is not the model's.</summary>
    public static bool Continue(List<Message> messages, List<ContentPart> said, Extra? extra)
    {
        if (messages is not [.., { Role: Role.Assistant, Parts: List<ContentPart> before } last])
        {
            return false;
        }

        before.AddRange(said);
        messages[^1] = last with { Extra = Extras.Join(last.Extra, extra) };
        return true;
    }

    /// <summary>Puts the seals of other vendors onto the thinking that they seal, and leaves out the empty text that ends a stream.</summary>
    public static void Join(List<ContentPart> parts)
    {
        if (parts.Count > 1)
        {
            parts.RemoveAll(static part => part is TextPart { Text.Length: 0, Extra: null });
        }

        for (var i = parts.Count - 1; i > 0; i--)
        {
            if (parts[i] is ReasoningPart { Signature: not null, Vendor: not (null or Seals.Google) } seal
                && parts[i - 1] is ReasoningPart { Signature: null, Redacted: null, Extra: null } thought)
            {
                parts[i - 1] = seal with { Text = thought.Text + seal.Text, Place = thought.Place };
                parts.RemoveAt(i);
            }
        }
    }
}
