using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>
/// Holds the answer and its items to the ids under which they began. Some servers (GitHub Copilot) give another id in every
/// event, at which OpenAI's own clients stop. Allocates for each id that begins, and for nothing else while ids are steady.
/// </summary>
internal sealed class SteadyIds
{
    private const int MaxItems = 1024;

    // By place in the output, and all that ever began: one of those is never taken for another.
    private readonly List<byte[]?> items = [];
    private readonly List<byte[]> begun = [];
    private byte[]? answer;

    /// <summary>Looks at one event.</summary>
    /// <param name="data">The event.</param>
    /// <param name="scan">What is known of it.</param>
    /// <returns>What must change in the event; null when nothing must.</returns>
    public JsonEdits? Look(ReadOnlySpan<byte> data, in ResponsesEventScan scan)
    {
        JsonEdits? edits = null;
        switch (scan.Kind)
        {
            case ResponsesEventKind.Begun or ResponsesEventKind.Ended when !scan.Response.Equals(default):
                Hold(ref answer, data, IdIn(data, scan.Response), ref edits);
                break;
            case ResponsesEventKind.ItemAdded or ResponsesEventKind.ItemDone when !scan.Item.Equals(default):
                HoldItem(data, scan, IdIn(data, scan.Item), ref edits);
                break;
            default:
                HoldItem(data, scan, scan.ItemId, ref edits);
                break;
        }

        return edits;
    }

    private void HoldItem(ReadOnlySpan<byte> data, in ResponsesEventScan scan, Range id, ref JsonEdits? edits)
    {
        var index = scan.OutputIndex;
        if (!scan.HasOutputIndex || index >= MaxItems || id.Equals(default))
        {
            return;
        }

        while (items.Count <= index)
        {
            items.Add(null);
        }

        var known = scan.Kind == ResponsesEventKind.ItemAdded ? null : items[index];
        if (known is not null && !data[id].SequenceEqual(known) && HasBegun(data[id]))
        {
            return;
        }

        Hold(ref known, data, id, ref edits);
        if (!ReferenceEquals(known, items[index]) && begun.Count < MaxItems)
        {
            begun.Add(known!);
        }

        items[index] = known;
    }

    private bool HasBegun(ReadOnlySpan<byte> id)
    {
        foreach (var one in begun)
        {
            if (id.SequenceEqual(one))
            {
                return true;
            }
        }

        return false;
    }

    private static void Hold(ref byte[]? known, ReadOnlySpan<byte> data, Range id, ref JsonEdits? edits)
    {
        if (id.Equals(default))
        {
            return;
        }

        if (known is null)
        {
            known = data[id].ToArray();
        }
        else if (!data[id].SequenceEqual(known))
        {
            (edits ??= new()).Replace(id.Start.Value, id.End.Value, known);
        }
    }

    // The value of an object's own "id", quotes included.
    private static Range IdIn(ReadOnlySpan<byte> data, Range place)
    {
        var reader = new Utf8JsonReader(data[place], JsonLimits.Reader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isId && reader.TokenType == JsonTokenType.String)
            {
                var start = place.Start.Value + (int)reader.TokenStartIndex;
                return start..(place.Start.Value + (int)reader.BytesConsumed);
            }

            reader.Skip();
        }

        return default;
    }
}
