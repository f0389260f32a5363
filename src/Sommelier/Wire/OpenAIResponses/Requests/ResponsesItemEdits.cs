using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>
/// Takes thinking of other vendors out of a request that is passed on. It has this dialect's shape because the gateway
/// gave it that shape; the vendor would look for it by its id, or try to open its seal, and refuse the request.
/// </summary>
internal static class ResponsesItemEdits
{
    /// <summary>Adds the changes; does nothing when the outline tells that none is needed.</summary>
    public static void Add(ReadOnlySpan<byte> body, BodyMember input, ResponsesOutlineFlags flags, JsonEdits edits, ICollection<Warning> warnings)
    {
        if (!flags.HasFlag(ResponsesOutlineFlags.ForeignThinking) || body[input.ValueStart] != (byte)'[')
        {
            return;
        }

        var items = new List<BodyMember>();
        var cut = new List<bool>();
        var reader = new Utf8JsonReader(body[input.ValueStart..input.End], JsonLimits.Reader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var start = input.ValueStart + (int)reader.TokenStartIndex;
            cut.Add(IsForeign(ref reader));
            items.Add(new BodyMember("", start, start, input.ValueStart + (int)reader.BytesConsumed));
        }

        if (cut.Contains(true))
        {
            warnings.Add(new Warning("dropped", $"input[{cut.IndexOf(true)}]", LostThinking.Foreign));
            edits.CutMembers(items, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(cut));
        }
    }

    private static bool IsForeign(ref Utf8JsonReader reader)
    {
        var (isThinking, isMadeUp, isForeign, isSealed) = (false, false, false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isId = reader.ValueTextEquals("id"u8);
            var isSeal = reader.ValueTextEquals("encrypted_content"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                isThinking |= isType && reader.ValueTextEquals("reasoning"u8);
                isMadeUp |= isId && reader.ValueSpan.StartsWith("rs_smlr_"u8);
                isSealed |= isSeal && reader.ValueSpan.Length > 0;
                isForeign |= isSeal && reader.ValueSpan.StartsWith(Seals.Mark);
            }

            reader.Skip();
        }

        return isThinking && (isForeign || (isMadeUp && !isSealed));
    }
}
