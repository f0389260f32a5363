using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Counts the searches of the web that the items of a stream tell of.</summary>
/// <remarks>Only searches have a fee, not what is done with the pages found: developers.openai.com/api/docs/guides/tools-web-search</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct ResponsesSearches
{
    private int begun;
    private int done;

    /// <summary>How many there were: one that has begun is taken for a search until its end says otherwise.</summary>
    public readonly long Count => begun + done;

    /// <summary>Takes an event about an item.</summary>
    public void Take(ResponsesEventKind kind, ReadOnlySpan<byte> item)
    {
        if (kind is not (ResponsesEventKind.ItemAdded or ResponsesEventKind.ItemDone) || !IsType(ResponsesItemType.Find(item)))
        {
            return;
        }

        if (kind == ResponsesEventKind.ItemAdded)
        {
            begun++;
            return;
        }

        begun = Math.Max(0, begun - 1);
        done += IsFree(item) ? 0 : 1;
    }

    /// <summary>Whether an item of this type may be a search.</summary>
    public static bool IsType(ReadOnlySpan<byte> type) => type.SequenceEqual("web_search_call"u8);

    /// <summary>Whether the <c>action</c> at whose first token the reader stands is no search. Leaves it at the end.</summary>
    public static bool IsFree(ref Utf8JsonReader action)
    {
        var isFree = false;
        if (action.TokenType != JsonTokenType.StartObject)
        {
            action.Skip();
            return isFree;
        }

        while (action.Read() && action.TokenType != JsonTokenType.EndObject)
        {
            var isType = action.ValueTextEquals("type"u8);
            action.Read();
            isFree |= isType && action.TokenType == JsonTokenType.String && (action.ValueTextEquals("open_page"u8) || action.ValueTextEquals("find_in_page"u8));
            action.Skip();
        }

        return isFree;
    }

    private static bool IsFree(ReadOnlySpan<byte> item)
    {
        var reader = new Utf8JsonReader(item, JsonLimits.Reader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isAction = reader.ValueTextEquals("action"u8);
            reader.Read();
            if (isAction)
            {
                return IsFree(ref reader);
            }

            reader.Skip();
        }

        return false;
    }
}
